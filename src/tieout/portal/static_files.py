"""Addresses of static files carry a fingerprint of what is in them, so that browsers may keep them for long."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class FingerprintedFiles(StaticFilesStorage):
    """Static files as they lie in the package; `?v=` changes when the file does."""

    def url(self, name: str | None) -> str:
        return f"{super().url(name)}?v={_fingerprint(name or '')}"


@cache
def _fingerprint(name: str) -> str:
    found = finders.find(name)
    return sha256(Path(found).read_bytes()).hexdigest()[:12] if isinstance(found, str) else "missing"
