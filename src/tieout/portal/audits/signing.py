"""What the audit log hears of signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from tieout.portal.audits.actions import record, record_of_person
from tieout.portal.people.models import Person

CHANGES = (
    (password_changed, "sign_in_password_changed"),
    (password_reset, "sign_in_password_reset"),
    (authenticator_added, "sign_in_factor_added"),
    (authenticator_removed, "sign_in_factor_removed"),
    (authenticator_reset, "sign_in_codes_made"),
    (authentication_failed, "sign_in_factor_refused"),
)
BY_LINK = "link"  # a welcome or an invitation that came by e-mail


def listen() -> None:
    """Called once, when Django starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="audits")
    user_logged_out.connect(_signed_out, dispatch_uid="audits")
    user_login_failed.connect(_refused, dispatch_uid="audits")
    for signal, kind in CHANGES:
        signal.connect(_of_person(kind), weak=False, dispatch_uid=f"audits {kind}")


def _of_person(kind: str) -> Callable[..., None]:
    def note(user: Any, authenticator: Any = None, **_more: Any) -> None:
        if isinstance(user, Person):
            record_of_person(user, kind, **({"factor": str(authenticator.type)} if authenticator else {}))

    return note


def _signed_in(user: Any, request: Any = None, **_more: Any) -> None:
    if isinstance(user, Person):
        shown = get_authentication_records(request, user) if request else []
        record_of_person(
            user, "signed_in", how=" + ".join(str(one.get("type", one["method"])) for one in shown) or BY_LINK
        )


def _signed_out(user: Any, **_more: Any) -> None:
    if isinstance(user, Person):
        record_of_person(user, "signed_out")


def _refused(credentials: dict[str, Any], **_more: Any) -> None:
    # An address that nobody here has may be anything, also a password typed into the wrong field: it is not stored.
    email = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    person = Person.objects.filter(email=email).first()
    if person:
        record_of_person(person, "sign_in_failed")
    else:
        record(None, "sign_in_failed")
