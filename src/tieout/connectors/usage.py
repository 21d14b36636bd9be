"""What one key was used for: requests by minute, by whom and what for, in the limiter's own database. Kept for a week."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from tieout.connectors.turns import Claim, Priority

KEEP_SECONDS = 8 * 86_400.0

CREATE = """
create table if not exists used (
    key text, minute integer, who text, priority integer, requests integer not null, refused integer not null,
    primary key (key, minute, who, priority)
) without rowid
"""
_NOTE = """
insert into used values (:key, :minute, :who, :priority, :requests, :refused)
on conflict do update set requests = requests + :requests, refused = refused + :refused
"""
_SINCE = """
select who, priority, minute / 60 as hour, sum(requests), sum(refused) from used
where key = :key and minute >= :since group by who, priority, hour order by hour, who, priority
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Requests of one claim in one hour. `hour` is its beginning, UTC. `refused` were answered 429."""

    claim: Claim
    hour: datetime
    requests: int
    refused: int


def note_used(database: sqlite3.Connection, key: str, claim: Claim, *, requests: int = 0, refused: int = 0) -> None:
    """Count a request, or a refusal of one, in the present minute."""
    told = {"key": key, "minute": int(time.time() // 60), "who": claim.who, "priority": int(claim.priority)}
    database.execute(_NOTE, {**told, "requests": requests, "refused": refused})


def used_since(database: sqlite3.Connection, key: str, since: datetime) -> list[Used]:
    """What was used from the minute of `since` on, oldest hour first."""
    found = database.execute(_SINCE, {"key": key, "since": int(since.timestamp() // 60)})
    return [
        Used(
            claim=Claim(who, Priority(priority)),
            hour=datetime.fromtimestamp(hour * 3600, UTC),
            requests=requests,
            refused=refused,
        )
        for who, priority, hour, requests, refused in found
    ]


def forget_used(database: sqlite3.Connection) -> None:
    """Delete what is too old."""
    database.execute("delete from used where minute < ?", (int((time.time() - KEEP_SECONDS) // 60),))
