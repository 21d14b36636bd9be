"""Marks, moments and addresses in templates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from tieout.portal.sources.health import Health
from tieout.portal.sources.models import Verdict
from tieout.portal.templatetags import marks
from tieout.portal.templatetags.icons import ICONS

NOW = datetime(2026, 11, 19, 8, 24, tzinfo=UTC)  # 09:24 in Oslo


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 19, 8, 24, 10, tzinfo=UTC), "just now"),
        (datetime(2026, 11, 19, 8, 4, tzinfo=UTC), "20 min ago"),
        (datetime(2026, 11, 19, 8, 29, tzinfo=UTC), "in 5 min"),
        (datetime(2026, 11, 19, 5, 3, tzinfo=UTC), "today 06:03"),
        (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "today 00:30"),
        (datetime(2026, 11, 18, 22, 30, tzinfo=UTC), "yesterday 23:30"),
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), "tomorrow 02:00"),
        (datetime(2026, 11, 2, 13, 0, tzinfo=UTC), "2 Nov 14:00"),
        (datetime(2025, 6, 2, 12, 0, tzinfo=UTC), "2 Jun 2025 14:00"),
    ],
)
def test_moments_are_said_as_people_say_them_in_their_zone(moment: datetime, words: str) -> None:
    assert marks.in_words(moment, NOW) == words


def test_exact_time_is_there_on_hover_and_for_machines() -> None:
    html = marks.moment(datetime(2026, 7, 1, 7, 0, tzinfo=UTC))
    assert 'datetime="2026-07-01T09:00+02:00"' in html
    assert 'title="1 Jul 2026, 09:00 (CEST)"' in html
    assert marks.moment(None) == "–"


def test_exact_time_follows_language_and_zone() -> None:
    moment = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
    with translation.override("nb"):
        assert marks.exact(moment) == "19. nov. 2026 kl. 09.00"
        assert marks.day(date(2026, 5, 17)) == "17. mai 2026"
    with timezone.override(ZoneInfo("America/New_York")):
        assert marks.exact(moment) == "19 Nov 2026, 03:00"


def test_status_says_a_word_beside_its_mark() -> None:
    assert marks.status(Health.ACTION_REQUIRED) == '<span class="status bad">Action required</span>'
    assert marks.status("running", "Fetching <2021>") == '<span class="status wait half">Fetching &lt;2021&gt;</span>'


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (Verdict.PROVED, '<span class="proof ok">Proved</span>'),
        ("not_proved", '<span class="proof bad">Not proved</span>'),
        ("could_not_check", '<span class="proof warn">Couldn’t check</span>'),
        ("", '<span class="proof off">Nothing to prove yet</span>'),
        (None, '<span class="proof off">Nothing to prove yet</span>'),
    ],
)
def test_three_verdicts_look_and_read_differently(value: str | None, html: str) -> None:
    assert marks.verdict(value) == html


def test_every_health_and_verdict_has_a_tone() -> None:
    assert {marks.tone(one.value) for one in Health} >= {"ok", "warn", "bad", "wait", "off"}
    assert all(value in marks.VERDICTS for value in Verdict.values)


def test_icons_are_hidden_from_screen_readers() -> None:
    assert all('aria-hidden="true"' in marks.icon(name) for name in ICONS)


def _sort_head(query: str, sort: str) -> str:
    context = Context({"request": RequestFactory().get(f"/{query}"), "sort": sort})
    return str(Template('{% sort_head "proof" "Proof" sort "num" %}').render(context))


def test_sorted_column_turns_round_and_keeps_the_rest_of_the_address() -> None:
    plain = _sort_head("?q=a%26b&page=3", "status")
    assert plain == '<th scope="col" class="num"><a href="?q=a%26b&amp;sort=proof">Proof</a></th>'
    assert 'aria-sort="ascending"><a href="?sort=-proof">' in _sort_head("?sort=proof", "proof")
    assert 'aria-sort="descending"><a href="?sort=proof">' in _sort_head("?sort=-proof", "-proof")
