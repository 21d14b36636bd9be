"""The sheet that PDFs are drawn on: A4, our own font (with Norwegian letters and U+2212), a foot, paragraphs and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Inter"
MARGIN, SIDE = 16, 16  # mm
INK, QUIET, LINE, GROUND = (26, 32, 44), (92, 102, 118), (205, 211, 220), (244, 246, 248)


class Pages(FPDF):
    """The sheet: margins, font, foot."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.add_font(FAMILY, "", FONTS / "Inter-Regular.otf")
        self.add_font(FAMILY, "B", FONTS / "Inter-SemiBold.otf")
        self.set_margins(SIDE, MARGIN, SIDE)
        self.set_auto_page_break(True, margin=20)
        self.set_text_color(*INK)
        self.set_draw_color(*LINE)
        self.add_page()

    def footer(self) -> None:
        """Which certificate, and which page of how many."""
        self.set_y(-14)
        self.set_font(FAMILY, size=7)
        self.set_text_color(*QUIET)
        self.cell(w=self.epw - 20, h=4, text=self._foot)
        self.cell(w=20, h=4, text=f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(*INK)

    def say(
        self, text: str, *, size: float = 9, bold: bool = False, tone: tuple[int, int, int] = INK, after: float = 1.5
    ) -> None:
        """A paragraph over the whole width."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*tone)
        self.multi_cell(w=0, h=size * 0.5, text=text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(*INK)
        self.ln(after)

    def head(self, text: str) -> None:
        """A heading that is not left alone at the foot of a page."""
        if self.will_page_break(24):
            self.add_page()
        self.ln(2.5)
        self.say(text, size=11, bold=True, after=1)

    def points(self, texts: Iterable[str]) -> None:
        """A list of sentences."""
        for text in texts:
            self.set_font(FAMILY, size=8.5)
            self.cell(w=4, h=4.3, text="•")
            self.multi_cell(w=self.epw - 4, h=4.3, text=text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.ln(0.8)

    def facts(self, told: Iterable[tuple[str, str]]) -> None:
        """Names and values, a line each."""
        for name, value in told:
            self.set_font(FAMILY, size=8.5)
            self.set_text_color(*QUIET)
            self.cell(w=48, h=4.8, text=name)
            self.set_text_color(*INK)
            self.multi_cell(w=self.epw - 48, h=4.8, text=value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def rows(self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int], align: str) -> None:
        """A table whose heads are repeated on every page. `align`: a letter L or R for each column."""
        self.set_font(FAMILY, size=8)
        sides = tuple({"L": "LEFT", "R": "RIGHT"}[one] for one in align)
        style = FontFace(family=FAMILY, emphasis="BOLD", color=QUIET, fill_color=GROUND, size_pt=7.5)
        with self.table(
            headings_style=style,
            col_widths=tuple(widths),
            text_align=sides,
            line_height=4.2,
            borders_layout="HORIZONTAL_LINES",
            padding=(0.7, 1.2),
        ) as table:
            for cells in (heads, *rows):
                table.row(cells)
        self.ln(1.5)
