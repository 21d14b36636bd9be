"""Second factors and passkeys: what allauth asks us about them. Their secrets are encrypted at rest."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction

from tieout.connectors.base import Secret
from tieout.portal.encryption import KeyRing, Place, read_key_ring
from tieout.portal.people.models import Person
from tieout.portal.people.sessions import end_sessions

# allauth's hooks tell no row; copies between people are stopped by nothing but the database's own access.
PLACE = Place("", "mfa", "secret")
SECRET_NAMES = ("secret", "seed")
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Time codes, recovery codes and passkeys of people here."""

    def encrypt(self, text: str) -> str:
        return _ring().encrypt(Secret(text), PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return _ring().decrypt(encrypted_text, PLACE).reveal()

    def build_totp_svg(self, url: str) -> str:
        """The QR code as a picture inside the page: the secret is in no address, and in nobody's cache."""
        drawn: str = super().build_totp_svg(url)
        return drawn[drawn.index("<svg") :]


def has_second_factor(person: Person) -> bool:
    """Whether more than the password is asked of this person at sign-in."""
    return bool(is_mfa_enabled(person, SECOND_FACTORS))


def end_sessions_without_factor(user: Any, request: Any, authenticator: Authenticator, **_more: Any) -> None:
    """With the first second factor, browsers that signed in without one are signed out."""
    every = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
    if authenticator.type in SECOND_FACTORS and every.count() == 1:
        end_sessions(user, but=request.session.session_key)


def has_any(person: Person) -> bool:
    """Whether there is anything to reset."""
    return bool(Authenticator.objects.filter(user=person).exists())


def reset_factors(person: Person) -> None:
    """Take away second factors, passkeys and recovery codes that were lost, and sign the person out everywhere.

    The password alone opens the account afterwards. Telling and logging are the caller's.
    """
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)


def encrypt_anew(ring: KeyRing) -> int:
    """Encrypt what is kept for time codes and recovery codes with the newest key. Returns how many changed."""
    changed = 0
    for row in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN):
        changed += _encrypt_row_anew(row, ring)
    return changed


def _encrypt_row_anew(row: Any, ring: KeyRing) -> int:
    outdated = [name for name in SECRET_NAMES if row.data.get(name) and not ring.is_current(row.data[name])]
    for name in outdated:
        row.data[name] = ring.encrypt(ring.decrypt(row.data[name], PLACE), PLACE)
    if outdated:
        row.save(update_fields=["data"])
    return len(outdated)


def _ring() -> KeyRing:
    return read_key_ring(settings.TIEOUT.secret_key_file)
