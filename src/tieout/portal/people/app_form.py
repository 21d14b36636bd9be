"""Setting up an authenticator app: its key waits for the first code in the session, encrypted like everything else at rest."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY

from tieout.portal.encryption import CannotDecryptError


class SealedAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """allauth's form reads and makes the key in the session; around that the key is decrypted and encrypted again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session = context.request.session
        if sealed := session.pop(SECRET_SESSION_KEY, None):
            self._open(session, sealed)
        super().__init__(*args, **kwargs)
        session[SECRET_SESSION_KEY] = get_adapter().encrypt(self.secret)

    @staticmethod
    def _open(session: Any, sealed: str) -> None:
        try:
            session[SECRET_SESSION_KEY] = get_adapter().decrypt(sealed)
        except CannotDecryptError:  # kept by an earlier version, or for a key that is gone: a new one is made
            return
