"""Which browser the journeys and the pictures use, and how a machine without one gets it.

`python -m tests.browsers --install`: an installed Chromium or Chrome; else Playwright's own; else Debian's package when root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed() -> str | None:
    """The path of an installed browser, or of Playwright's own; None if there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> str:
    """Make sure that a browser is there. Raises SystemExit with what was tried if none can be had."""
    if path := installed():
        return path
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if path := installed():
        return path
    if os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        subprocess.run([apt, "update", "-qq"], check=False)
        subprocess.run([apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
        if path := installed():
            return path
    raise SystemExit(
        "No browser: none is installed, Playwright could not fetch its own, and Debian's package was not to be had."
        " Install Chromium or Chrome and run this again."
    )


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser of the real kind, ended with the block."""
    path = installed()
    if path is None:
        raise Error("no browser is installed; run: python -m tests.browsers --install")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield running
        finally:
            running.close()


if __name__ == "__main__":
    found = install() if "--install" in sys.argv else installed()
    sys.stdout.write(f"{found or 'no browser'}\n")
