"""Sentences that were stored in English, on a page of any language."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from tieout.portal import told as telling

register = template.Library()


@register.simple_tag
def told(text: str, sentence: str = "") -> SafeString:
    """`{% told state.reason state.fault|fault_sentence %}`: see `portal/told.py`."""
    return telling.told(text, sentence)
