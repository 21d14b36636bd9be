"""Tags for pages that name a voucher: its kind in words, and the address of its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tieout.portal.vouchers.words import type_title

register = template.Library()


@register.filter
def voucher_type(code: str | None) -> str:
    return type_title(code)


@register.simple_tag
def voucher(source: Any, number: Any, voucher_id: Any = None) -> SafeString:
    """A voucher's number that leads to its page: `{% voucher source.pk 20417 %}`. Without a number a dash."""
    if number is None or number == "":
        return format_html("–")
    if int(number) < 0:
        return format_html("{}", number)
    return format_html('<a href="{}">{}</a>', address(source, number, voucher_id), number)


@register.simple_tag
def voucher_url(source: Any, number: Any, voucher_id: Any = None) -> str:
    return address(source, number, voucher_id)


def address(source: Any, number: Any, voucher_id: Any = None) -> str:
    """The address of a voucher's page; `source` is a data source or its id, `voucher_id` says which of that number."""
    place = reverse("vouchers:voucher", args=[getattr(source, "pk", source), number])
    return f"{place}?id={voucher_id}" if voucher_id is not None else place
