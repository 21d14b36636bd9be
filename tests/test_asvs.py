"""docs/security/asvs.md has every requirement of levels 1 and 2 once, and names files and tests that are there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from allauth.account import app_settings as account
from django.conf import settings

from tests.standards import Table
from tieout.portal import serve
from tieout.portal.approvals.several import MOST_COMPANIES
from tieout.portal.explorer.asking import AT_ONCE
from tieout.portal.feeds import limits
from tieout.portal.people.actions import INVITATION_DAYS, LINK_HOURS
from tieout.portal.people.middleware import IDLE
from tieout.portal.people.passwords import WORDS
from tieout.portal.planning import forms as planning
from tieout.portal.witnesses import forms as witnesses
from tieout.reports.uploaded import MOST_ROWS, MOST_UNPACKED
from tieout.sync.witness.file import MOST_BYTES
from tieout.warehouse.asking.ask import Limits

ROOT = Path(__file__).parents[1]
SECURITY = ROOT / "docs" / "security"
MB = 1024**2
# The level of each requirement, by section: "123" is a section whose first is of level 1 and whose third is of level 3.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33",
    "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
TABLE = Table("asvs.md", number=r"v5\.0\.0-([\d.]+)")


def test_every_requirement_of_levels_1_and_2_stands_once_with_its_level() -> None:
    wanted = [
        (f"{section}.{number}", level)
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, start=1)
        if level != "3"
    ]
    assert (sum(level == "1" for _, level in wanted), sum(level == "2" for _, level in wanted)) == (70, 183)
    TABLE.holds(wanted)
    assert TABLE.text.count("| v5.0.0-") == len(wanted)


def test_the_count_at_the_top_is_that_of_the_table() -> None:
    TABLE.is_counted()


def test_every_file_and_every_test_that_is_named_is_there() -> None:
    TABLE.names_what_is_there(at_least=100)


def test_a_yes_names_code_and_a_test_or_says_that_none_holds_it() -> None:
    TABLE.says_what_holds_a_yes()


def test_the_page_of_limits_has_the_programs_own_numbers() -> None:
    page = (SECURITY / "limits.md").read_text(encoding="utf-8")
    rates, one = account.RATE_LIMITS, Limits()
    assert rates["login_failed"] == "10/m/ip,5/300s/key"
    assert (rates["login"], rates["reset_password"]) == ("30/m/ip", "20/m/ip,5/m/key")
    for said in (
        f"exactly one | {witnesses.MOST_MEGABYTES} MB | {MOST_BYTES // MB} MB",
        f"| {planning.MOST_MEGABYTES} MB | {MOST_UNPACKED // MB} MB, {MOST_ROWS:,} rows",
        f"files included | {serve.MOST_BODY_BYTES // MB} MB",
        f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / MB} MB, {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields",
        f"head of a request | {serve.MOST_HEADER_BYTES // 1024} KB",
        f"{serve.MOST_CONNECTIONS}; silent for {serve.IDLE_SECONDS} seconds",
        f"{limits.REQUESTS} in {int(limits.SECONDS)} seconds",
        f"link names | {MOST_COMPANIES} |",
        f"session | {IDLE.days} day unused, {timedelta(seconds=settings.SESSION_COOKIE_AGE).days} days in all",
        f"invitation | {INVITATION_DAYS} days",
        f"first owner | {LINK_HOURS} hours",
        f"new password | {timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days} days",
        f"{one.seconds} seconds, {one.rows:,} rows, {one.memory[:-2]} MB of memory, {one.threads} threads; {AT_ONCE} questions",
        f"new syncs wait at {settings.TIEOUT.disk_percent} %",
        *(f"`{word}`" for word in WORDS[1:]),
    ):
        assert said in page, said
