"""Passwords made of the house's own words are the first that somebody tries."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tieout.portal.people.models import Person

WORDS = (
    "tieout",
    "accounting",
    "administrator",
    "password",
    "regnskap",
    "avstemming",
    "passord",
    "velkommen",
    "welcome",
)
SHORTEST_WORD = 4  # of the installation's own address: "no" and "com" are in too many words
LETTERS_LEFT = 6


class NotOfTheHouse:
    """Refuses a password that is little more than the product's name, this address or words of the trade.

    What is counted is the letters that are left without them, so that a long sentence may hold any word.
    """

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raises ValidationError."""
        left = password.lower()
        for word in sorted((*WORDS, *_address()), key=len, reverse=True):
            left = left.replace(word, "")
        if left != password.lower() and len(re.sub(r"[\W\d_]", "", left)) < LETTERS_LEFT:
            raise ValidationError(self.get_help_text(), code="password_of_the_house")

    def get_help_text(self) -> str:
        return _("Not only the name of the product, this address or words of accounting.")


def _address() -> tuple[str, ...]:
    host = (urlsplit(settings.PUBLIC_URL).hostname or "").lower()
    return tuple(label for label in re.split(r"[^a-zæøå]+", host) if len(label) >= SHORTEST_WORD)
