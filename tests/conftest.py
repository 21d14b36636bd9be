"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadlines: machines are noisy. The same examples every time where a red run would stop others; new ones elsewhere.
settings.register_profile("ours", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("ours"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "ours")
