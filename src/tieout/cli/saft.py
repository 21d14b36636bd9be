"""`tieout saft`: a company's fiscal year as a SAF-T Financial file, and what is wrong with any such file."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from lxml import etree

from tieout.cli import home
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.cli.local import readable
from tieout.config import Settings
from tieout.reports.saft import CannotExportError, Exported, Finding, Grouping, Order, check, export
from tieout.reports.saft.grouping import is_known


def add_arguments(commands: Any) -> None:
    """`saft export SOURCE --year Y --contact NAME`, `saft check FILE [--schema XSD]`."""
    acts = commands.add_parser("saft", help="SAF-T Financial files").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    out = acts.add_parser("export", help="write a fiscal year as SAF-T Financial 1.30")
    out.add_argument("source", metavar="SOURCE", help="id, organisation number or exact name")
    out.add_argument("--year", type=int, required=True, help="fiscal year, named by the calendar year it ends in")
    out.add_argument("--months", type=_months, default=(1, 12), metavar="A-B", help="of the fiscal year; default 1-12")
    out.add_argument("--contact", required=True, metavar="NAME", help="first and last name of whom may be asked")
    out.add_argument("--groupings", type=Path, metavar="CSV", help="account_no,category,code that a person chose")
    out.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="folder for the file; default: this one")
    home.add_workspace_argument(out)
    out.set_defaults(run=run_export)

    checking = acts.add_parser("check", help="what does not add up in a SAF-T file")
    checking.add_argument("file", type=Path, metavar="FILE")
    checking.add_argument("--schema", type=Path, metavar="XSD", help="the tax authority's schema; checked too")
    checking.set_defaults(run=run_check)


def run_export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the file, check it, and say what it holds. Raises Failure."""
    contact = arguments.contact.split()
    if len(contact) < 2:
        raise Failure("--contact needs a first and a last name; SAF-T asks for both.", ExitCode.WRONG_USE)
    if not arguments.to.is_dir():
        raise Failure(f"{arguments.to} is no folder; nothing was written.", ExitCode.WRONG_USE)
    with readable(settings, arguments.workspace) as connection:
        order = Order(
            company_id=_company(connection, arguments.source),
            fiscal_year=arguments.year,
            months=arguments.months,
            contact=(" ".join(contact[:-1]), contact[-1]),
            groupings=_groupings(arguments.groupings),
        )
        try:
            exported = export(connection, order, arguments.to, now=datetime.now(UTC))
        except CannotExportError as error:
            raise Failure(str(error), ExitCode.WRONG_USE) from error
    _tell(exported)
    return _verdict(check(exported.path))


def run_check(arguments: argparse.Namespace, _settings: Settings) -> int:
    """Print what is wrong, a line each. 0 where nothing is, 1 where something is, 2 for what is no such file."""
    try:
        found = check(arguments.file)
        if arguments.schema:
            found = _schema_errors(arguments.file, arguments.schema) + found
    except (OSError, etree.XMLSyntaxError) as error:
        raise Failure(f"{arguments.file} can't be read as a SAF-T file: {error}", ExitCode.WRONG_USE) from error
    return _verdict(found)


def _company(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    found = connection.execute(
        "select company_id from core.companies where $1 in (company_id, organisation_number, company)", [source]
    ).fetchall()
    if len(found) != 1:
        told = "several companies answer" if found else "no synced company answers"
        raise Failure(f"{told} to {source!r}; say its organisation number.", ExitCode.WRONG_USE)
    return str(found[0][0])


def _groupings(file: Path | None) -> dict[int, Grouping]:
    """What a person chose, by account. Raises Failure for a pair that the tax authority's list lacks."""
    if file is None:
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        chosen = {
            int(row["account_no"]): Grouping(category=row["category"], code=row["code"], is_confirmed=True)
            for row in rows
            if (row.get("confirmed") or "yes") != "no"  # what the portal's file says of a rule's guess
        }
    except (OSError, KeyError, ValueError) as error:
        raise Failure(f"{file} is not a list of account_no,category,code: {error}", ExitCode.WRONG_USE) from error
    for number, grouping in chosen.items():
        if not is_known(grouping):
            raise Failure(
                f"account {number}: {grouping.category} {grouping.code} is not in the list of grouping codes.",
                ExitCode.WRONG_USE,
            )
    return chosen


def _months(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _tell(exported: Exported) -> None:
    sys.stdout.write(f"{exported.path}\n")
    sys.stderr.write(
        f"{exported.transactions} transactions, {exported.lines} lines, {exported.bytes:,} bytes, "
        f"debit {exported.debit:.2f}, credit {exported.credit:.2f}, sha256 {exported.sha256}\n"
    )
    if exported.unconfirmed:
        sys.stderr.write(
            f"{len(exported.unconfirmed)} accounts were grouped by rule, which nobody has confirmed: pass --groupings.\n"
        )


def _schema_errors(file: Path, schema: Path) -> list[Finding]:
    checked = etree.XMLSchema(etree.parse(str(schema)))
    checked.validate(etree.parse(str(file), etree.XMLParser(resolve_entities=False, no_network=True)))
    return [Finding("schema", f"Line {error.line}: {error.message}") for error in list(checked.error_log)]  # type: ignore[call-overload]


def _verdict(found: list[Finding]) -> int:
    for finding in found:
        sys.stderr.write(f"{finding.kind}: {finding.text}\n")
    sys.stderr.write(f"{len(found)} findings.\n" if found else "Nothing is wrong with it.\n")
    return ExitCode.NOT_PROVED if found else ExitCode.PROVED
