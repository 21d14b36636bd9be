"""`python -m tieout.simulator` is `tieout simulate`."""

import argparse
import sys

from tieout.simulator.poweroffice import serve

parser = argparse.ArgumentParser(prog="tieout simulate", description="A simulated PowerOffice Go.")
serve.add_arguments(parser)
sys.exit(serve.run(parser.parse_args()))
