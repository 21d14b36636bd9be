"""The certificate inside its PDF: attached uncompressed, so that it is found without any PDF library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.sync.certificate import seal
from tieout.sync.certificate.canonical import UnreadableError, canonical, sha256

BEGIN, END = b"stream\n" + b'{"content":', b"\nendstream"
PDF = b"%PDF-"


def attachment(envelope: Mapping[str, Any]) -> bytes:
    """The bytes to attach."""
    return canonical(dict(envelope))


def seal_pages(pdf: bytes, envelope: Mapping[str, Any], private_key: str) -> tuple[bytes, dict[str, Any]]:
    """A PDF with an unsealed certificate attached becomes one with a sealed one, of the same length."""
    before, inside, after = parts(pdf)
    if inside != attachment(envelope):
        raise ValueError("the PDF holds another certificate than the one to seal")
    done = seal.sealed(envelope, sha256(before + after), private_key)
    filled = attachment(done)
    if len(filled) != len(inside):
        raise ValueError("a sealed certificate must be as long as an unsealed one")
    return before + filled + after, done


def parts(pdf: bytes) -> tuple[bytes, bytes, bytes]:
    """A PDF before, in and after its attached certificate. Raises UnreadableError."""
    found = pdf.count(BEGIN)
    if found != 1:
        raise UnreadableError(
            "this PDF holds no certificate as it was written: it is another document, or another program saved it anew. "
            "Use the PDF or the JSON as downloaded."
        )
    start = pdf.index(BEGIN) + len(b"stream\n")
    end = pdf.find(END, start)
    if end < 0:
        raise UnreadableError("this PDF was cut off inside its certificate; download it again.")
    return pdf[:start], pdf[start:end], pdf[end:]
