"""Signatures as in the Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, and secrets `whsec_<base64>`."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256

from tieout.connectors.base import Secret

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A new signing secret."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(secret: Secret, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers by which a receiver knows that a body is ours, whole and of now."""
    timestamp = str(int(at.timestamp()))
    key = b64decode(secret.reveal().removeprefix(PREFIX))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    signature = b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
