"""What allauth asks us: nobody signs up by himself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Invited(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by a one-time link or the command line only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
