"""Incidents and each company's data status, written with the tie-out that tells them, and read."""

from __future__ import annotations

from typing import Any

from tieout.warehouse.base import CheckOutcome, TieOut, Verdict
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.incidents import DataStatus, Finding, Incident, IncidentState, Shape


def record(connection: Connection, source_id: str, tie_out: TieOut, number: int, incident_number: int) -> None:
    """Keep what a tie-out found wrong, close what it proved right, and rewrite the data status. Inside a transaction."""
    if tie_out.incident is not None:
        _keep(connection, source_id, tie_out.incident, tie_out, number, incident_number)
    if tie_out.verdict is Verdict.PROVED:
        connection.execute(
            "update tieout.incidents set state = ?, closed_at = ? where source_id = ? and state = ?",
            [IncidentState.GONE, tie_out.at, source_id, IncidentState.OPEN],
        )
    _rewrite_status(connection, source_id, tie_out, number)


def open_incident(connection: Connection, source_id: str) -> int | None:
    """The number of the incident that is still open."""
    found = connection.execute(
        "select max(id) from tieout.incidents where source_id = ? and state = ?", [source_id, IncidentState.OPEN]
    ).fetchone()
    return found[0] if found else None


def _keep(
    connection: Connection, source_id: str, incident: Incident, tie_out: TieOut, number: int, incident_number: int
) -> None:
    """A new row, or the open incident's with its newest findings: it keeps when it was opened, and adds its requests."""
    before = connection.execute(
        "select opened_at, proved_at, requests from tieout.incidents where id = ?", [incident_number]
    ).fetchone()
    opened, proved, spent = before or (incident.opened_at, incident.proved_at, 0)
    for table, column in (("incidents", "id"), ("incident_findings", "incident_id")):
        connection.execute(f"delete from tieout.{table} where {column} = ?", [incident_number])
    connection.execute(
        "insert into tieout.incidents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            incident_number,
            source_id,
            number,
            tie_out.sync,
            opened,
            incident.closed_at,
            incident.state,
            proved,
            incident.first_date,
            incident.last_date,
            spent + incident.requests,
        ],
    )
    for position, finding in enumerate(incident.findings):
        connection.execute(
            f"insert into tieout.incident_findings values ({', '.join('?' * 17)})",
            [incident_number, source_id, position, *_plain(finding)],
        )


def _plain(finding: Finding) -> list[Any]:
    when = [finding.month, finding.posting_date, finding.account_no, finding.voucher_no]
    amounts = [finding.stored, finding.vendor, finding.difference]
    elsewhere = [finding.other_date, finding.other_account_no, finding.is_mended, finding.party_no, finding.stream]
    return [finding.shape, finding.check, *when, *amounts, *elsewhere]


def incidents(connection: Connection, source_id: str, limit: int) -> list[Incident]:
    """The newest incidents of a source, whole."""
    found = connection.execute(
        "select id, tie_out_id, sync_id, opened_at, closed_at, state, proved_at, first_date, last_date, requests "
        "from tieout.incidents where source_id = ? order by id desc limit ?",
        [source_id, limit],
    ).fetchall()
    return [
        Incident(
            id=number,
            tie_out=tie_out,
            sync=sync,
            opened_at=opened,
            closed_at=closed,
            state=IncidentState(state),
            proved_at=proved,
            first_date=first,
            last_date=last,
            requests=requests,
            findings=_findings(connection, number),
        )
        for number, tie_out, sync, opened, closed, state, proved, first, last, requests in found
    ]


def _findings(connection: Connection, number: int) -> tuple[Finding, ...]:
    names = list(Finding.__dataclass_fields__)
    listed = ", ".join(f'"{name}"' for name in names)
    found = connection.execute(
        f"select {listed} from tieout.incident_findings where incident_id = ? order by position", [number]
    ).fetchall()
    told = [dict(zip(names, row, strict=True)) for row in found]
    return tuple(Finding(**{**one, "shape": Shape(one["shape"])}) for one in told)


def _rewrite_status(connection: Connection, source_id: str, tie_out: TieOut, number: int) -> None:
    """The one row of a company. Its data are as new as the last sync that reached the source and could be held to it."""
    before = data_status(connection, source_id)
    as_of = tie_out.at if tie_out.is_after_sync else before.as_of if before else None
    unbroken = before is not None and before.verdict == tie_out.verdict
    proved = tie_out.at if tie_out.verdict is Verdict.PROVED else before.proved_at if before else None
    connection.execute("delete from tieout.data_status where source_id = ?", [source_id])
    connection.execute(
        "insert into tieout.data_status select s.source_id, s.name, s.organisation_number, ?, ?, ?, ?, ?, ?, ?, ?, ? "
        "from tieout.sources s where s.source_id = ?",
        [
            as_of,
            tie_out.at,
            tie_out.verdict,
            before.since if before and unbroken else tie_out.at,
            proved,
            tie_out.lock_date or (before.lock_date if before and not tie_out.is_after_sync else None),
            tie_out.newest_posting or (before.newest_posting if before and not tie_out.is_after_sync else None),
            _reason(tie_out),
            number,
            source_id,
        ],
    )


def data_status(connection: Connection, source_id: str) -> DataStatus | None:
    """Where a company's data stand; None before its first tie-out."""
    found = connection.execute(
        "select source_id, name, organisation_number, as_of, checked_at, verdict, since, proved_at, lock_date, "
        "newest_posting, reason, tie_out_id from tieout.data_status where source_id = ?",
        [source_id],
    ).fetchone()
    return DataStatus(**dict(zip(DataStatus.__dataclass_fields__, found, strict=True))) if found else None


def _reason(tie_out: TieOut) -> str | None:
    """Codes of the checks that differ, else why the first one that applies could not be made."""
    if tie_out.verdict is Verdict.PROVED:
        return None
    differing = [check.check for check in tie_out.checks if check.outcome is CheckOutcome.DIFFERS]
    if differing:
        return ",".join(dict.fromkeys(differing))
    return next((check.reason for check in tie_out.checks if check.outcome is CheckOutcome.COULD_NOT_CHECK), None)
