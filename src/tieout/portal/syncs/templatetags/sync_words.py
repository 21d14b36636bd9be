"""Filters for what syncs tell: codes and figures to words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from tieout.portal.syncs import words
from tieout.portal.syncs.tie_outs import TONES
from tieout.portal.templatetags.figures import amount, count
from tieout.portal.templatetags.marks import day
from tieout.portal.workspaces.models import Role

register = template.Library()
FIGURES = ("new", "changed", "removed", "rows", "requests", "deferred", "planned")


@register.filter
def stream_title(name: str) -> str:
    return words.stream_title(name)


@register.filter
def check_title(code: str) -> str:
    return str(words.CHECKS.get(code, words.stream_title(code)))


@register.filter
def compared(number: int, code: str) -> str:
    """How many of what were compared: "1 customer", "211 accounts"; of an unknown kind the number alone."""
    text = words.COMPARED.get(code)
    return count(number) if text is None else str(text % {"counter": number, "n": count(number)})


@register.filter
def grade_title(code: str) -> str:
    return str(words.GRADES.get(code, code))


@register.filter
def fault_sentence(code: str) -> str:
    return str(words.FAULTS.get(code, ""))


@register.filter
def stop_sentence(event_code: str) -> str:
    """What it means that a stream ended so; nothing for one that the company does not open to us."""
    fault = {"stream_postponed": "try_later", "stream_failed": "unexpected"}.get(event_code, "")
    return fault_sentence(fault)


@register.filter
def reason_words(code: str) -> str:
    """Why a check was not made: a code, or a stream and a code; a reason that is a sentence already stays itself."""
    stream, _, rest = (code or "").rpartition(":")
    if " " in (code or ""):
        return code
    word = str(words.REASONS.get(rest, rest.replace("_", " ")))
    return f"{words.stream_title(stream)}: {word}" if stream else word


@register.filter
def event_sentence(event: Any) -> str:
    facts = {key: _told(key, value) for key, value in event.facts.items() if value is not None}
    return words.sentence(words.EVENTS, event.code, facts | {"stream": words.stream_title(event.stream)})


def _told(fact: str, value: Any) -> Any:
    """A fact in the person's language. A connector's reasons have their translations in its own folder."""
    if fact in FIGURES:
        return count(value)
    return gettext(value) if fact == "reason" and value else value


@register.filter
def happening_sentence(happening: Any) -> str:
    role = happening.facts.get("role")
    facts = happening.facts | ({"role": Role(role).label} if role in Role.values else {})
    return words.sentence(words.HAPPENINGS, happening.kind, facts)


@register.filter
def iso_day(text: str) -> str:
    """A date that a fact holds as text, in words."""
    return day(date.fromisoformat(text)) if text else ""


@register.filter
def span(facts: dict[str, str]) -> str:
    """A window in words: "2024" for a whole year, else its two dates."""
    first, last = date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"])
    is_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
    return str(first.year) if is_year else f"{short_day(first)} – {short_day(last)}"


@register.filter
def short_day(value: date | None) -> str:
    """A date for narrow places: "22 Nov 2026", "22.11.2026"."""
    if value is None:
        return ""
    return date_format(value, "d.m.Y" if (get_language() or "").startswith("nb") else "j b Y").title()


@register.filter
def seconds(moment: datetime) -> str:
    """A moment of a log, to the second, in the person's zone."""
    return date_format(timezone.localtime(moment), "Y-m-d H:i:s")


@register.filter
def pace(per_second: float) -> str:
    """Requests a second, with one decimal."""
    return amount(Decimal(f"{per_second:.1f}"), 1)


@register.filter
def figure(value: Any, check: str) -> str:
    """A figure of a check: rows and vouchers of one number are counted, everything else is an amount."""
    return count(value) if check in ("counts", "numbers") else amount(value)


@register.filter
def days(dates: dict[str, str]) -> list[tuple[date, datetime]]:
    """Days that agreed and when each was checked, newest first."""
    found = [(date.fromisoformat(on), datetime.fromisoformat(at)) for on, at in (dates or {}).items()]
    return sorted(found, reverse=True)


@register.filter
def raw_schema(connector: str) -> str:
    """Where a connector's tables lie."""
    return f"raw_{connector}"


@register.filter
def verdict_tone(verdict: str) -> str:
    return TONES.get(verdict, "warn")
