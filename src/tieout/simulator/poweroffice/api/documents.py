"""The files behind a simulated voucher: a PDF that opens, an image that shows, an EHF. They say what they stand for."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 160, 100
PAPER, INK = b"\xff", b"\xb4"


def pdf(text: str) -> bytes:
    """One page with a line of text (ASCII)."""
    drawn = b"BT /F1 14 Tf 50 780 Td (" + text.encode("ascii") + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + table + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def png() -> bytes:
    """A sheet with lines, as a photographed receipt would look from afar."""
    line = b"\0" + PAPER * 20 + INK * (WIDTH - 40) + PAPER * 20
    blank = b"\0" + PAPER * WIDTH
    rows = b"".join(line if 10 < row < HEIGHT - 10 and row % 10 < 2 else blank for row in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)  # eight bits of grey
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def ehf(text: str) -> bytes:
    """An XML file in place of a real invoice."""
    return f"<?xml version='1.0' encoding='UTF-8'?><Invoice><Note>{text}</Note></Invoice>".encode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
