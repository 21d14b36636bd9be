"""`python -m tieout.cli` is `tieout`."""

import sys

from tieout.cli import main

sys.exit(main())
