"""What happened to a source and how it stands: syncs, streams and tie-outs, written and read."""

from __future__ import annotations

from typing import Any

from tieout.catalog import Grade
from tieout.warehouse.base import (
    Check,
    CheckOutcome,
    Difference,
    Outcome,
    SourceSummary,
    StreamGrade,
    StreamRun,
    StreamState,
    StreamSummary,
    SyncKind,
    SyncRecord,
    TieOut,
    Verdict,
)
from tieout.warehouse.duckdb.file import Connection


def next_number(connection: Connection, name: str) -> int:
    """The next number of a kind; never one that was given out before. Inside a transaction."""
    connection.execute("update tieout.numbers set last = last + 1 where name = ?", [name])
    found = connection.execute("select last from tieout.numbers where name = ?", [name]).fetchone()
    assert found is not None
    return int(found[0])


def record_tie_out(connection: Connection, source_id: str, tie_out: TieOut) -> int:
    """Store a tie-out with all it rests on. Inside a transaction."""
    number = next_number(connection, "tie_out")
    connection.execute(
        "insert into tieout.tie_outs values (?, ?, ?, ?, ?, ?)",
        [number, source_id, tie_out.sync, tie_out.at, tie_out.verdict, tie_out.convention],
    )
    for position, check in enumerate(tie_out.checks):
        connection.execute(
            "insert into tieout.tie_out_checks values (?, ?, ?, ?, ?, ?, ?, ?)",
            [number, source_id, position, check.check, check.date, check.compared, check.outcome, check.reason],
        )
    for position, found in enumerate(tie_out.differences):
        connection.execute(
            "insert into tieout.tie_out_differences values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [number, source_id, position, *_plain(found)],
        )
    for position, grade in enumerate(tie_out.streams):
        connection.execute(
            "insert into tieout.tie_out_streams values (?, ?, ?, ?, ?, ?, ?, ?)",
            [number, source_id, position, grade.stream, grade.grade, grade.on, grade.holds, grade.filling],
        )
    return number


def _plain(found: Difference) -> list[Any]:
    who = [found.stream, found.account_no, found.party_no, found.voucher_no]
    return [found.check, found.date, *who, found.stored, found.vendor, found.difference, found.dimension]


def tie_outs(connection: Connection, source_id: str, limit: int) -> list[TieOut]:
    """The newest tie-outs of a source, whole."""
    found = connection.execute(
        "select id, sync_id, made_at, verdict, convention from tieout.tie_outs where source_id = ? order by id desc limit ?",
        [source_id, limit],
    ).fetchall()
    return [
        TieOut(
            id=number,
            sync=sync,
            at=at,
            verdict=Verdict(verdict),
            checks=_checks(connection, number),
            differences=_differences(connection, number),
            streams=_grades(connection, number),
            convention=convention,
        )
        for number, sync, at, verdict, convention in found
    ]


def _checks(connection: Connection, number: int) -> tuple[Check, ...]:
    found = _part(connection, "tie_out_checks", '"check", date, compared, outcome, reason', number)
    return tuple(
        Check(check=check, date=on, compared=compared, outcome=CheckOutcome(outcome), reason=reason)
        for check, on, compared, outcome, reason in found
    )


def _differences(connection: Connection, number: int) -> tuple[Difference, ...]:
    names = '"check", date, stream, account_no, party_no, voucher_no, stored, vendor, dimension'
    return tuple(
        Difference(
            check=check,
            date=on,
            stream=stream,
            account_no=account,
            party_no=party,
            voucher_no=voucher,
            stored=stored,
            vendor=vendor,
            dimension=dimension,
        )
        for check, on, stream, account, party, voucher, stored, vendor, dimension in _part(
            connection, "tie_out_differences", names, number
        )
    )


def _grades(connection: Connection, number: int) -> tuple[StreamGrade, ...]:
    found = _part(connection, "tie_out_streams", "stream, grade, date, holds, filling", number)
    return tuple(
        StreamGrade(stream=stream, grade=Grade(grade), on=on, holds=holds, filling=filling)
        for stream, grade, on, holds, filling in found
    )


def _part(connection: Connection, table: str, names: str, number: int) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select {names} from tieout.{table} where tie_out_id = ? order by position", [number]
    ).fetchall()


def syncs(connection: Connection, source_id: str, limit: int) -> list[SyncRecord]:
    """The newest syncs of a source, with what each did to each stream."""
    found = connection.execute(
        "select id, kind, started_at, finished_at, outcome, reason, rows, requests, throttled from tieout.syncs "
        "where source_id = ? order by id desc limit ?",
        [source_id, limit],
    ).fetchall()
    return [
        SyncRecord(
            id=number,
            kind=SyncKind(kind),
            started_at=started,
            finished_at=finished,
            outcome=Outcome(outcome) if outcome else None,
            reason=reason,
            rows=rows,
            requests=requests,
            throttled=throttled,
            streams=_runs(connection, number),
        )
        for number, kind, started, finished, outcome, reason, rows, requests, throttled in found
    ]


def _runs(connection: Connection, sync: int) -> tuple[StreamRun, ...]:
    found = connection.execute(
        "select stream, arg_max(state, read_at), arg_max(reason, read_at), sum(rows)::bigint, sum(new)::bigint, "
        "sum(changed)::bigint, sum(removed)::bigint, sum(requests)::bigint "
        "from tieout.sync_streams where sync_id = ? group by stream order by min(read_at), stream",
        [sync],
    ).fetchall()
    return tuple(
        StreamRun(
            stream=stream,
            state=StreamState(state),
            reason=reason,
            rows=rows,
            new=new,
            changed=changed,
            removed=removed,
            requests=requests,
        )
        for stream, state, reason, rows, new, changed, removed, requests in found
    )


def streams(connection: Connection, source_id: str) -> list[StreamSummary]:
    """Every stream of a source as it stands, with what the last sync that read it did."""
    found = connection.execute(
        """
        with last_runs as (
            select stream, sum(new)::bigint as new, sum(changed)::bigint as changed, sum(removed)::bigint as removed
            from tieout.sync_streams r
            where r.source_id = $1 and r.sync_id = (select max(l.sync_id) from tieout.sync_streams l
                                                    where l.source_id = $1 and l.stream = r.stream)
            group by stream
        )
        select s.stream, s.state, s.reason, s.rows, coalesce(l.new, 0), coalesce(l.changed, 0), coalesce(l.removed, 0),
               s.newest, s.last_attempt_at, s.last_success_at, s.filled, s.to_fill
        from tieout.streams s left join last_runs l using (stream)
        where s.source_id = $1
        order by s.position
        """,
        [source_id],
    ).fetchall()
    return [
        StreamSummary(
            stream=stream,
            state=StreamState(state),
            reason=reason,
            rows=rows,
            new=new,
            changed=changed,
            removed=removed,
            newest=newest,
            last_attempt_at=attempt,
            last_success_at=success,
            filled=filled,
            to_fill=to_fill,
        )
        for stream, state, reason, rows, new, changed, removed, newest, attempt, success, filled, to_fill in found
    ]


def summary(connection: Connection, source_id: str, connector: str) -> SourceSummary:
    """A source in a glance."""
    found = connection.execute(
        """
        select (select coalesce(sum(rows), 0)::bigint from tieout.streams where source_id = $1),
               (select min(finished_at) from tieout.syncs where source_id = $1 and kind = 'sync' and outcome = 'succeeded'),
               (select max(finished_at) from tieout.syncs where source_id = $1 and kind = 'sync' and outcome = 'succeeded'),
               (select max(started_at) from tieout.syncs where source_id = $1),
               (select arg_max(verdict, id) from tieout.tie_outs where source_id = $1),
               (select max(made_at) from tieout.tie_outs where source_id = $1),
               (select max(made_at) from tieout.tie_outs where source_id = $1 and verdict = 'proved')
        """,
        [source_id],
    ).fetchone()
    assert found is not None
    rows, first, complete, last, verdict, verdict_at, proved_at = found
    return SourceSummary(
        source_id=source_id,
        connector=connector,
        rows=rows,
        first_sync_done_at=first,
        last_complete_at=complete,
        last_sync_at=last,
        verdict=Verdict(verdict) if verdict else None,
        verdict_at=verdict_at,
        proved_at=proved_at,
    )
