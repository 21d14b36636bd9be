"""What allauth asks us: nobody signs up by himself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest


class Invited(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by a one-time link or the command line only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The server has put here what its trusted proxy says, and no one else's word."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether it is still the same person, before they change how they sign in."""
        return user.check_password(password)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **kwargs: Any
    ) -> None:
        """Say what was changed; that somebody is signed in can be seen."""
        if message_template.endswith(("logged_in.txt", "logged_out.txt")):
            return
        super().add_message(request, level, message_template, *args, **kwargs)
