"""A voucher's attachments."""

from __future__ import annotations

from typing import Literal

from ninja import Schema


class Attachment(Schema):
    """What can be fetched of a voucher, and as what kind of file."""

    kind: Literal["ehf", "pdf", "images", "order"]
    ending: str


class Attachments(Schema):
    items: list[Attachment]
