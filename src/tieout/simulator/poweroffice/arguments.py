"""Options of `tieout simulate`, apart from the server: every command's parser knows them, and few commands start one."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from tieout.simulator.books.invented.sizes import SIZES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `simulate`, as docs/reference/scripting.md has them."""
    parser.add_argument("--port", type=int, default=9100, help="port on 127.0.0.1; 0 takes a free one (default 9100)")
    parser.add_argument("--seed", type=int, default=1, help="what the invented companies follow from (default 1)")
    parser.add_argument("--size", choices=SIZES, default="demo", help="how many and how large companies (default demo)")
    parser.add_argument(
        "--books",
        type=Path,
        nargs="+",
        action="extend",
        metavar="FILE",
        help="SAF-T or SIE 4 files: these companies only",
    )
    parser.add_argument("--now", type=_instant, metavar="ISO", help="the clock's start (default: now)")
    parser.add_argument("--latency-ms", type=float, default=0, metavar="L", help="wait so long before each answer")
    parser.add_argument("--no-throttle", action="store_true", help="let through more than 10 requests a second")
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep clock, keys and approvals there")
    parser.add_argument(
        "--live", action="store_true", help="let the books live on as time passes, not only when the clock is moved"
    )
    parser.add_argument("--control", action="store_true", help="open /_simulator/ for tests and demos")


def _instant(text: str) -> datetime:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO time such as 2026-03-31T08:00:00Z") from None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
