"""The seal of a certificate: Ed25519 over the hash of its content and of its pages.

format      "tieout-certificate-1"
content     what is certified
sha256      of the content's canonical form
pages       SHA-256 of the PDF without the certificate that is attached to it
public_key  raw, base64
signature   of "format LF sha256 LF pages", base64
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tieout.sync.certificate.canonical import canonical, sha256

FORMAT = "tieout-certificate-1"
NO_HASH, NO_SIGNATURE = "0" * 64, base64.b64encode(bytes(64)).decode()  # as long as true ones
KEY_BYTES = 32


def new_key() -> str:
    """A private key as text (raw, base64). It is a secret."""
    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def public_key(private_key: str) -> str:
    """What verifies that key's signatures, as text (raw, base64)."""
    return _text(_private(private_key).public_key().public_bytes_raw())


def unsealed(content: Mapping[str, Any], public: str) -> dict[str, Any]:
    """An envelope that is as long as the sealed one: the pages must be drawn around it before they can be signed."""
    return {
        "format": FORMAT,
        "content": dict(content),
        "sha256": sha256(canonical(dict(content))),
        "pages": NO_HASH,
        "public_key": public,
        "signature": NO_SIGNATURE,
    }


def sealed(envelope: Mapping[str, Any], pages: str, private_key: str) -> dict[str, Any]:
    """The envelope with the hash of its pages, signed."""
    signature = _private(private_key).sign(_signed(envelope["sha256"], pages))
    return {**envelope, "pages": pages, "signature": _text(signature)}


def is_signed(envelope: Mapping[str, Any], public: str) -> bool:
    """Whether a key signed what the envelope says of its content and pages. Raises nothing."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(
            base64.b64decode(envelope["signature"], validate=True), _signed(envelope["sha256"], envelope["pages"])
        )
    except (InvalidSignature, ValueError, binascii.Error, TypeError):
        return False
    return True


def is_public_key(text: str) -> bool:
    """Whether a text can be a public key at all."""
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except (ValueError, binascii.Error):
        return False


def _signed(content: str, pages: str) -> bytes:
    return f"{FORMAT}\n{content}\n{pages}".encode()


def _private(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, validate=True))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
