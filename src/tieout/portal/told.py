"""What connectors and the warehouse said, on a page of any language.

Whole sentences have a translation; those with facts in them (a path, a code, a column) have none and are shown as they came.
"""

from __future__ import annotations

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext


def is_foreign(text: str) -> bool:
    """Whether a sentence can only be shown in another language than the page's."""
    return bool(text) and not (get_language() or "en").startswith("en") and gettext(text) == text


def told(text: str, sentence: str = "") -> SafeString:
    """A stored sentence in the page's language; one without a translation is a detail in English below `sentence`."""
    if not text:
        return conditional_escape(sentence)
    if not is_foreign(text):
        return conditional_escape(gettext(text))
    return format_html('{} <span class="verbatim" lang="en">{}</span>', sentence, text)
