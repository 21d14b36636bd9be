"""`tieout source stamp` and `tieout source changes`: what was reported, and what became of it since."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
from rich.console import Console
from rich.table import Table

from tieout.cli import home
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.cli.terminal import plain
from tieout.config import Settings

if TYPE_CHECKING:
    from tieout.portal.sources.models import Source
    from tieout.portal.stamps.comparing import Comparison
    from tieout.portal.stamps.models import Stamp

FindSource = Callable[[str, str | None], "Source"]


def add_arguments(acts: Any, find: FindSource) -> None:
    """`source stamp SOURCE --date D --name N`, `source changes SOURCE --since STAMP`. `find` gives the source that is meant."""
    stamp = acts.add_parser("stamp", help="keep what the books say on a date, as it was reported")
    stamp.add_argument("--date", type=_day, required=True, metavar="D", help="YYYY-MM-DD; the end of that day")
    stamp.add_argument("--name", required=True, metavar="N", help="of its own within the data source")
    stamp.set_defaults(run=lambda arguments, settings: run_stamp(arguments, settings, find))
    changes = acts.add_parser("changes", help="what arrived, changed or went since a stamp, by account and voucher")
    changes.add_argument("--since", required=True, metavar="STAMP", help="name or id of the stamp")
    changes.set_defaults(run=lambda arguments, settings: run_changes(arguments, settings, find))
    for command in (stamp, changes):
        command.add_argument("source", metavar="SOURCE", help="id, organisation number or exact name")
        command.add_argument("--json", action="store_true", help="one object on stdout")
        home.add_workspace_argument(command)


def run_stamp(arguments: argparse.Namespace, settings: Settings, find: FindSource) -> int:
    """Stamp and tell which. Raises Failure; then nothing was stored."""
    with home.portal(settings):
        from tieout.portal.stamps.actions import StampError, stamp

        try:
            made = stamp(find(arguments.source, arguments.workspace), name=arguments.name, on=arguments.date)
        except StampError as error:
            raise Failure(str(error), ExitCode.WRONG_USE) from error
        facts = _facts(made)
    line = orjson.dumps(facts).decode() if arguments.json else f"{facts['name']} is stamped, as of {facts['date']}."
    sys.stdout.write(line + "\n")
    return ExitCode.PROVED


def run_changes(arguments: argparse.Namespace, settings: Settings, find: FindSource) -> int:
    """Tell what became of a stamp. Raises Failure where there is no such stamp."""
    with home.portal(settings):
        from tieout.portal.stamps.comparing import compared
        from tieout.portal.stamps.models import Stamp

        source = find(arguments.source, arguments.workspace)
        stamps = Stamp.objects.filter(source=source).select_related("source__workspace")
        made = next((one for one in stamps if arguments.since in (one.name, str(one.pk))), None)
        if made is None:
            raise Failure(f"{source.name} has no stamp called {arguments.since!r}.", ExitCode.WRONG_USE)
        found, facts = compared(made), _facts(made)
    if arguments.json:
        sys.stdout.write(orjson.dumps(facts | _told(found)).decode() + "\n")
    else:
        _print(facts, found)
    return ExitCode.PROVED


def _facts(made: Stamp) -> dict[str, Any]:
    return {
        "stamp": str(made.pk),
        "source": str(made.source_id),
        "name": made.name,
        "date": made.on.isoformat(),
        "stamped_at": made.made_at.isoformat(),
        "sync": made.sync,
    }


def _told(found: Comparison) -> dict[str, Any]:
    """Amounts are texts with their decimals, debit positive. `account_no` null: result of earlier years."""
    return {
        "traced": found.is_traced,
        "accounts": [
            {
                "account_no": row.account_no,
                "name": row.name,
                "stamped": f"{row.then:f}",
                "changes": f"{row.changes:f}",
                "untraced": f"{row.untraced:f}",
                "now": f"{row.now:f}",
            }
            for row in found.moved
        ],
        "vouchers": [
            {
                "voucher_no": one.voucher_no,
                "voucher_id": one.voucher_id,
                "first_posting_date": one.first_date.isoformat(),
                "sync": one.sync,
                "kinds": [kind.value for kind in one.kinds],
                "columns": list(one.columns),
                "related": list(one.related),
                "amounts": {str(account): f"{amount:f}" for account, amount in one.amounts},
            }
            for one in found.vouchers
        ],
    }


def _print(facts: dict[str, Any], found: Comparison) -> None:
    console = Console()
    title = f"{facts['name']}, {facts['date']}: {found.vouchers_in_all} changed vouchers since"
    console.print(plain(title), highlight=False)
    accounts = Table("Account", "Stamped", "Changes", *([] if found.is_traced else ["Not traced"]), "Now")
    for row in found.moved:
        rest = [] if found.is_traced else [f"{row.untraced:.2f}"]
        name = "Result of earlier years" if row.account_no is None else f"{row.account_no} {row.name}"
        accounts.add_row(plain(name), f"{row.then:.2f}", f"{row.changes:.2f}", *rest, f"{row.now:.2f}")
    vouchers = Table("Voucher", "Date", "What", "Account and amount")
    for one in found.vouchers:
        moved = ", ".join(f"{account}: {amount:.2f}" for account, amount in one.amounts)
        vouchers.add_row(str(one.voucher_no or ""), one.first_date.isoformat(), ", ".join(one.kinds), moved)
    for table in (accounts, vouchers):
        if table.row_count:
            console.print(table)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from None
