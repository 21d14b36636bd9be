"""Which passwords are too near the house's own words."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings


@pytest.mark.parametrize(
    "password", ["Tieout-2026-Tieout", "velkommen2026!", "books.fixture-2026", "TieoutRegnskap1", "passord-passord"]
)
def test_the_houses_own_words_are_no_password(settings: Settings, password: str) -> None:
    settings.PUBLIC_URL = "https://books.fixture.example.com"
    with pytest.raises(ValidationError, match="Not only the name of the product"):
        validate_password(password)


@pytest.mark.parametrize("password", ["a fixture's long password", "the tieout of a grey owl", "1234 5678 sju åtte ni"])
def test_a_long_sentence_may_hold_them(password: str) -> None:
    validate_password(password)
