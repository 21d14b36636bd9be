"""How a value of a table looks in a cell: exact, and in the person's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tieout.portal.syncs.templatetags.sync_words import short_day
from tieout.portal.templatetags.figures import amount

register = template.Library()
LONGEST = 60


@register.filter
def cell(value: Any) -> SafeString | str:
    """One value. Numbers that are names (account, voucher) keep no thousands apart, amounts do."""
    match value:
        case None:
            return format_html('<span class="quiet">{}</span>', "–")
        case bool():
            return gettext("yes") if value else gettext("no")
        case Decimal():
            return amount(value)
        case datetime():
            return format_html('<time datetime="{}">{}</time>', value.isoformat(), _to_the_second(value))
        case date():
            return short_day(value)
        case int():
            return str(value).replace("-", "\u2212")
        case str() if len(value) > LONGEST:
            return format_html('<span title="{}">{}…</span>', value, value[:LONGEST])
    return str(value)


def _to_the_second(value: datetime) -> str:
    local = timezone.localtime(value)
    return f"{short_day(local.date())} {local:%H:%M:%S}"


@register.filter
def of(names: dict[str, str], key: Any) -> str:
    """The name that belongs to a key."""
    return names.get(str(key), str(key))


@register.filter
def at(values: list[Any], index: int) -> Any:
    """The value at a place."""
    return values[index]
