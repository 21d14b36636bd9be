"""`tieout source stamp` and `tieout source changes`: what was reported, and what became of it since."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from tieout.cli import backend
from tieout.cli.backend import Facts, one_source
from tieout.cli.exit_codes import ExitCode
from tieout.cli.terminal import plain
from tieout.config import Settings


def add_arguments(acts: Any) -> None:
    """`source stamp SOURCE --date D --name N`, `source changes SOURCE --since STAMP`."""
    stamp = acts.add_parser("stamp", help="keep what the books say on a date, as it was reported")
    stamp.add_argument("--date", type=_day, required=True, metavar="D", help="YYYY-MM-DD; the end of that day")
    stamp.add_argument("--name", required=True, metavar="N", help="of its own within the data source")
    stamp.set_defaults(run=run_stamp)
    changes = acts.add_parser("changes", help="what arrived, changed or went since a stamp, by account and voucher")
    changes.add_argument("--since", required=True, metavar="STAMP", help="name or id of the stamp")
    changes.set_defaults(run=run_changes)
    for command in (stamp, changes):
        command.add_argument("source", metavar="SOURCE", help="id, organisation number or exact name")
        command.add_argument("--json", action="store_true", help="one object on stdout")


def run_stamp(arguments: argparse.Namespace, settings: Settings) -> int:
    """Stamp and tell which. Raises Failure; then nothing was stored."""
    with backend.opened(settings, arguments.workspace) as here:
        facts = here.stamp(one_source(here, arguments.source), name=arguments.name, on=arguments.date)
    line = orjson.dumps(facts).decode() if arguments.json else f"{facts['name']} is stamped, as of {facts['date']}."
    sys.stdout.write(line + "\n")
    return ExitCode.PROVED


def run_changes(arguments: argparse.Namespace, settings: Settings) -> int:
    """Tell what became of a stamp. Raises Failure where there is no such stamp."""
    with backend.opened(settings, arguments.workspace) as here:
        found = here.changes(one_source(here, arguments.source), since=arguments.since)
    if arguments.json:
        sys.stdout.write(orjson.dumps(found).decode() + "\n")
    else:
        _print(found)
    return ExitCode.PROVED


def _print(found: Facts) -> None:
    console = Console()
    title = f"{found['name']}, {found['date']}: {found['vouchers_in_all']} changed vouchers since"
    console.print(plain(title), highlight=False)
    accounts = Table("Account", "Stamped", "Changes", *([] if found["traced"] else ["Not traced"]), "Now")
    for row in found["accounts"]:
        name = "Result of earlier years" if row["account_no"] is None else f"{row['account_no']} {row['name']}"
        figures = ("stamped", "changes", *([] if found["traced"] else ["untraced"]), "now")
        accounts.add_row(plain(name), *(_two_decimals(row[figure]) for figure in figures))
    vouchers = Table("Voucher", "Date", "What", "Account and amount")
    for one in found["vouchers"]:
        moved = ", ".join(f"{account}: {_two_decimals(amount)}" for account, amount in one["amounts"].items())
        vouchers.add_row(str(one["voucher_no"] or ""), one["first_posting_date"], ", ".join(one["kinds"]), moved)
    for table in (accounts, vouchers):
        if table.row_count:
            console.print(table)


def _two_decimals(amount: str) -> str:
    return f"{Decimal(amount):.2f}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from None
