from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tieout.connectors.rate_limit import RateLimiter
from tieout.connectors.turns import Claim, Priority
from tieout.connectors.usage import KEEP_SECONDS, forget_used

HOURLY, FILLING = Claim("one", Priority.FRESH), Claim("one", Priority.FILL)


def spend(limiter: RateLimiter, claim: Claim) -> None:
    turn = limiter.take(claim)
    turn.sent()
    turn.over(is_well=True)


def limiter_with(path: Path, *claims: Claim, key: str = "a-key") -> RateLimiter:
    limiter = RateLimiter(path, key, per_second=500)
    for claim in claims:
        spend(limiter, claim)
    return limiter


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def test_requests_are_counted_by_whom_and_what_for(tmp_path: Path) -> None:
    limiter = limiter_with(tmp_path / "limits.db", HOURLY, HOURLY, FILLING)
    limiter.push_back(0.01, HOURLY)
    used = limiter.used(an_hour_ago())
    counts = {claim: sum(one.requests for one in used if one.claim == claim) for claim in (HOURLY, FILLING)}
    assert counts == {HOURLY: 2, FILLING: 1}
    assert sum(one.refused for one in used) == 1
    assert all(one.hour.minute == 0 for one in used)


def test_a_turn_that_nobody_used_is_no_request(tmp_path: Path) -> None:
    limiter = limiter_with(tmp_path / "limits.db")
    limiter.take(HOURLY)
    assert limiter.used(an_hour_ago()) == []


def test_each_key_has_its_own_count(tmp_path: Path) -> None:
    limiter_with(tmp_path / "limits.db", HOURLY)
    assert limiter_with(tmp_path / "limits.db", key="other").used(an_hour_ago()) == []


def test_only_what_was_used_since_is_told_and_what_is_old_is_forgotten(tmp_path: Path) -> None:
    limiter = limiter_with(tmp_path / "limits.db", HOURLY, HOURLY)
    limiter._database.execute("update used set minute = minute - :by", {"by": KEEP_SECONDS // 60 + 2})
    spend(limiter, FILLING)
    assert [one.claim for one in limiter.used(an_hour_ago())] == [FILLING]
    forget_used(limiter._database)
    assert limiter._database.execute("select count(*) from used").fetchone() == (1,)
