"""Marks of the house in templates: icons, statuses, verdicts, moments in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from tieout.portal.templatetags.icons import ICONS

if TYPE_CHECKING:
    from tieout.portal.sources.models import Source

register = template.Library()

# Shape and word, never colour alone. The class is the tone; "half" is a ring half full: running.
TONES = {
    "healthy": "ok", "fresh": "ok", "approved": "ok", "complete": "ok", "succeeded": "ok", "agrees": "ok",
    "needs-attention": "warn", "delayed": "warn", "incomplete": "warn",
    "action-required": "bad", "stale": "bad", "withdrawn": "bad", "failed": "bad", "expired": "bad", "revoked": "off",
    "waiting": "wait", "queued": "wait",
    "first-sync": "wait half", "running": "wait half", "fetching": "wait half", "checking": "wait half", "storing": "wait half",
    "paused": "off", "cancelled": "off", "unavailable": "off",
}  # fmt: skip
VERDICTS = {"proved": "ok", "not_proved": "bad", "could_not_check": "warn", "partly": "wait", "mended": "wait"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small picture that says nothing to screen readers. Raises KeyError for an unknown name."""
    return mark_safe(f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{ICONS[name]}</svg>')  # noqa: S308


@register.filter
def tone(state: Any) -> str:
    """The class of a state's mark: ok, warn, bad, wait, wait half, off."""
    return TONES.get(str(state), "off")


@register.simple_tag
def status(state: Any, label: Any = None) -> SafeString:
    """A mark and a word: `{% status health %}`, or with another word `{% status "running" word %}`."""
    word = label if label is not None else getattr(state, "label", state)
    return format_html('<span class="status {}">{}</span>', tone(getattr(state, "value", state)), word)


@register.simple_tag
def verdict(value: Any, label: Any = None, *, big: bool = False, of: Source | None = None) -> SafeString:
    """The accountant's sign and the word of a verdict; without a verdict "Nothing to prove yet".

    `of` is the data source it was given on: a language may say with which system the books agree.
    """
    code = str(getattr(value, "value", value) or "")
    return format_html(
        '<span class="proof {}{}">{}</span>',
        VERDICTS.get(code, "off"),
        " big" if big else "",
        label or _verdict_word(code, of),
    )


def _verdict_word(code: str, of: Source | None) -> str:
    from tieout.portal.sources.models import Verdict
    from tieout.portal.sources.queries import connector_of

    if code not in Verdict.values:
        return gettext("Nothing to prove yet")
    if code == Verdict.PROVED and of is not None:
        return pgettext("agrees with %(system)s", "Proved") % {"system": connector_of(of).title}
    return str(Verdict(code).label)


@register.filter
def exact(moment: datetime | None) -> str:
    """Day and minute in the person's zone: "19 Nov 2026, 09:00"; in Norwegian "19. nov. 2026 kl. 09.00"."""
    if moment is None:
        return ""
    return date_format(timezone.localtime(moment), "j. N Y \\k\\l. H.i" if _is_norwegian() else "j M Y, H:i")


@register.filter
def weekday(moment: datetime) -> str:
    """The short name of a moment's day in the person's zone: "Mon"."""
    return date_format(timezone.localtime(moment), "D").rstrip(".")


@register.filter
def day(value: date | datetime | None) -> str:
    """A date in words: "19 November 2026"."""
    if value is None:
        return ""
    value = timezone.localtime(value) if isinstance(value, datetime) else value
    return date_format(value, "j. F Y" if _is_norwegian() else "j F Y")


@register.filter
def clock(moment: datetime | None) -> str:
    """Hour and minute in the person's zone."""
    return date_format(timezone.localtime(moment), "H.i" if _is_norwegian() else "H:i") if moment else ""


@register.simple_tag
def moment(value: datetime | None, empty: str = "–") -> SafeString:
    """A time as people say it, with the exact one on hover and for machines."""
    if value is None:
        return format_html("{}", empty)
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{} ({})">{}</time>',
        local.isoformat("T", "minutes"),
        exact(value),
        local.tzname(),
        in_words(value),
    )


@register.filter
def in_words(value: datetime, now: datetime | None = None) -> str:
    """ "20 min ago", "in 5 min", "today 09:00", "yesterday 14:00", "2 Nov 14:00"."""
    now = now or timezone.now()
    minutes = round((value - now).total_seconds() / 60)
    if -60 < minutes <= 0:
        return (
            gettext("just now")
            if minutes == 0
            else ngettext("%(n)s min ago", "%(n)s min ago", -minutes) % {"n": -minutes}
        )
    if 0 < minutes < 60:
        return ngettext("in %(n)s min", "in %(n)s min", minutes) % {"n": minutes}
    return _at(_day_word(value, now), value)


@register.filter
def as_of(value: datetime | None) -> str:
    """A moment that something holds for: "09:00" today, else "yesterday 14:00" or "2 Nov 14:00"."""
    if value is None:
        return ""
    is_today = timezone.localtime(value).date() == timezone.localtime().date()
    return _at("", value) if is_today else _at(_day_word(value, timezone.now()), value)


def _at(day: str, value: datetime) -> str:
    """ "today 09:00", or the time alone; in Norwegian "i dag kl. 09.00"."""
    return " ".join(part for part in (day, "kl." if _is_norwegian() else "", clock(value)) if part)


def _is_norwegian() -> bool:
    return (get_language() or "").startswith("nb")


def _day_word(value: datetime, now: datetime) -> str:
    that_day, today = timezone.localtime(value).date(), timezone.localtime(now).date()
    words = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if (word := words.get((that_day - today) // timedelta(days=1))) is not None:
        return word
    year = "" if that_day.year == today.year else " Y"
    return date_format(that_day, f"j. N{year}" if _is_norwegian() else f"j M{year}")


@register.simple_tag
def zone() -> str:
    """The person's zone and its offset now: "Europe/Oslo (UTC+01:00)"."""
    offset = timezone.localtime().strftime("%z")
    return f"{timezone.get_current_timezone()} (UTC{offset[:3]}:{offset[3:]})"


@register.simple_tag(takes_context=True)
def keep_query(context: template.Context, **changes: Any) -> str:
    """The address's parameters with some changed; an empty one goes: `?{% keep_query status="paused" page="" %}`."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value:
            parameters[name] = value
    return str(parameters.urlencode())


@register.simple_tag(takes_context=True)
def kept_fields(context: template.Context, *names: str) -> SafeString:
    """Hidden fields that carry some of the address's parameters through a form."""
    asked = context["request"].GET
    fields = ((name, asked[name]) for name in names if asked.get(name))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, column: str, word: str, sort: str, classes: str = "") -> SafeString:
    """The head of a column that sorts by it, and back when it does already. `sort` is what holds now ("-" is backwards)."""
    holds, backwards = sort.removeprefix("-") == column, sort.startswith("-")
    address = keep_query(context, sort=f"-{column}" if holds and not backwards else column, page="")
    order = format_html(' aria-sort="{}"', "descending" if backwards else "ascending") if holds else ""
    arrow = format_html(' <span aria-hidden="true">{}</span>', "↑" if backwards else "↓") if holds else ""
    shape = format_html(' class="{}"', classes) if classes else ""
    return format_html('<th scope="col"{}{}><a href="?{}">{}{}</a></th>', shape, order, address, word, arrow)
