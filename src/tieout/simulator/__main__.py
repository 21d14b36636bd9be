"""`python -m tieout.simulator` is `tieout simulate`."""

import argparse
import sys

from tieout.simulator.poweroffice import arguments, serve

parser = argparse.ArgumentParser(prog="tieout simulate", description="A simulated PowerOffice Go.")
arguments.add_arguments(parser)
sys.exit(serve.run(parser.parse_args()))
