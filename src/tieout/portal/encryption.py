"""Secrets at rest: AES-256-GCM, bound to the place where each is stored, with keys that can be changed.

A stored secret is `v1.<key id>.<nonce>.<ciphertext>`. Its place (workspace, owner, field) is authenticated with it, so a copy in
another tenant's row does not decrypt. The key file has one key a line, `<key id> <32 bytes in base64>`, newest last.
"""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tieout.config import Settings, SettingsError
from tieout.connectors.base import Secret

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
SIGNING_BYTES = 48
FINGERPRINT_BYTES = 12


class CannotDecryptError(Exception):
    """A stored secret was made with a key that is gone, or for another place. The company must approve once more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret is stored: workspace, the row that owns it (a data source, a candidate), and the field."""

    workspace: str
    owner: str
    field: str

    def as_bytes(self) -> bytes:
        # Lengths keep ("a", "bc") and ("ab", "c") apart.
        return "".join(f"{len(part)}:{part}" for part in (self.workspace, self.owner, self.field)).encode()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of this installation by id, oldest first. The last one encrypts."""

    keys: dict[str, bytes] = field(repr=False)

    @property
    def newest(self) -> str:
        return next(reversed(self.keys))

    def encrypt(self, secret: Secret, place: Place) -> str:
        """The text to store."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        ciphertext = AESGCM(self.keys[self.newest]).encrypt(nonce, secret.reveal().encode(), place.as_bytes())
        return ".".join((VERSION, self.newest, _text(nonce), _text(ciphertext)))

    def decrypt(self, stored: str, place: Place) -> Secret:
        """The secret again. Raises CannotDecryptError, which says nothing of either."""
        try:
            version, key_id, nonce, ciphertext = stored.split(".")
            if version != VERSION:
                raise CannotDecryptError("a stored secret has a form that this version doesn't know")
            return Secret(
                AESGCM(self.keys[key_id]).decrypt(_bytes(nonce), _bytes(ciphertext), place.as_bytes()).decode()
            )
        except (InvalidTag, KeyError, ValueError) as error:
            raise CannotDecryptError("a stored secret doesn't belong to this place, or its key is gone") from error

    def is_current(self, stored: str) -> bool:
        """Whether the newest key made this text."""
        return stored.startswith(f"{VERSION}.{self.newest}.")

    def derived(self, purpose: str) -> tuple[str, ...]:
        """A text key for another purpose from each key, newest first: what these sign can't be used to decrypt."""
        return tuple(
            _text(HKDF(SHA256(), SIGNING_BYTES, salt=None, info=purpose.encode()).derive(key))
            for key in reversed(self.keys.values())
        )

    def fingerprints(self) -> dict[str, str]:
        """What tells each key from every other, by id, and can be shown: nothing can be decrypted or signed with it."""
        return {
            key_id: _text(HKDF(SHA256(), FINGERPRINT_BYTES, salt=None, info=b"fingerprint").derive(key))
            for key_id, key in self.keys.items()
        }


def read_key_ring(path: Path) -> KeyRing:
    """The keys in the file. Raises SettingsError when it is missing, damaged or readable by others."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise SettingsError(f"The key file {path} is missing. Without it no stored secret can be read.") from error
    if mode & 0o077:
        raise SettingsError(f"The key file {path} can be read by others. Run: chmod 600 {path}")
    try:
        keys = {key_id: _bytes(text) for key_id, text in (line.split() for line in lines if line.strip())}
    except (ValueError, Base64Error) as error:
        raise SettingsError(
            f"The key file {path} is damaged. Restore it from a backup; nothing was started."
        ) from error
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise SettingsError(f"The key file {path} is damaged. Restore it from a backup; nothing was started.")
    return KeyRing(keys)


def make_key_file(path: Path) -> None:
    """Make a key file with one key, mode 600. One that is there stays untouched."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, {_new_id(): secrets.token_bytes(KEY_BYTES)})


def add_key(path: Path) -> KeyRing:
    """Put a new key last, so that it encrypts from now on. Older ones stay for what they encrypted, backups included."""
    keys = dict(read_key_ring(path).keys)
    keys[_new_id()] = secrets.token_bytes(KEY_BYTES)
    _write(path, keys)
    return KeyRing(keys)


def rotate(settings: Settings) -> int:
    """Make a new key and encrypt every stored secret with it. Returns how many. For the holder of TIEOUT_HOME.

    Stopped half-way nothing is lost: both keys are in the file, and the next rotation takes all.
    """
    from tieout.portal.kept import encrypt_anew

    return encrypt_anew(add_key(settings.secret_key_file))


def _new_id() -> str:
    return secrets.token_hex(8)


def _write(path: Path, keys: dict[str, bytes]) -> None:
    """Atomically: a crash leaves the old file or the new one, and no moment at which others may read it."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{key_id} {_text(key)}\n" for key_id, key in keys.items())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
