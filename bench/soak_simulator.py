"""The simulator with as many small companies as wanted: `python -m bench.soak_simulator COMPANIES [options of simulate]`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from tieout.simulator.books.invented.business import TINY
from tieout.simulator.books.invented.sizes import SIZES
from tieout.simulator.poweroffice import arguments, serve

if __name__ == "__main__":
    many = int(sys.argv.pop(1))
    SIZES["soak"] = tuple(replace(TINY, key=f"soak {n}", name=f"Prøvekunde {n} AS") for n in range(1, many + 1))
    parser = argparse.ArgumentParser()
    arguments.add_arguments(parser)
    sys.exit(serve.run(parser.parse_args(["--size", "soak", *sys.argv[1:]])))
