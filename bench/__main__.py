"""`make bench`: every comparison in one go, each printing one JSON object."""

import subprocess
import sys

BENCHES = (["bench.simulator_page"], ["bench.first_sync"])

for bench in BENCHES:
    sys.stdout.write(f"\n{' '.join(bench)}\n")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", *bench], check=True)
