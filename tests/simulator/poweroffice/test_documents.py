from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
import zlib

from pypdf import PdfReader

from tieout.simulator.poweroffice.api import documents


def test_the_pdf_opens_and_says_what_it_stands_for() -> None:
    (page,) = PdfReader(io.BytesIO(documents.pdf("Voucher 12")), strict=True).pages
    assert page.extract_text().strip() == "Voucher 12"


def test_the_image_holds_as_many_points_as_it_says() -> None:
    image = documents.png()
    content = image.split(b"IDAT")[1][: -4 - 12]
    assert len(zlib.decompress(content)) == documents.HEIGHT * (documents.WIDTH + 1)
    assert re.match(rb"\x89PNG\r\n\x1a\n....IHDR", image, re.DOTALL)


def test_the_ehf_is_xml() -> None:
    assert "Voucher 12" in "".join(ElementTree.fromstring(documents.ehf("Voucher 12")).itertext())  # noqa: S314 - ours
