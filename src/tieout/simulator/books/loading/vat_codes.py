"""VAT codes: a file's own codes as the standard codes of SAF-T, with C before custom ones and K before compensation."""

from __future__ import annotations

from datetime import date, datetime

from tieout.simulator.books.chart import VAT_CODES
from tieout.simulator.books.loading.content import VatRow
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.model import Books, VatCode

# Basis points. What the authorities' list calls regular, middle, raw fish and low, and the others at zero.
_RATES = (
    dict.fromkeys(("1", "14", "21", "3", "81", "82", "86", "87", "91", "92"), 2500)
    | dict.fromkeys(("11", "15", "22", "31", "83", "84"), 1500)
    | dict.fromkeys(("12", "32"), 1111)
    | dict.fromkeys(("13", "33", "88", "89"), 1200)
    | dict.fromkeys(("0", "20", "5", "51", "52", "6", "7", "85"), 0)
)
_ACCOUNTS = {code: account_no for code, _, _, account_no, _ in VAT_CODES}
_NAMES = {code: name for code, name, _, _, _ in VAT_CODES}


class VatCodes:
    def __init__(self, books: Books, opened: datetime, remarks: Remarks) -> None:
        self._books = books
        self._opened = opened
        self._remarks = remarks
        self._rows: dict[str, list[tuple[VatRow, str]]] = {}  # own code -> what it meant when

    def add_all(self, rows: list[VatRow]) -> None:
        for row in rows:
            if all(row != known for known, _ in self._rows.get(row.code, [])):
                self.add(row)

    def add(self, row: VatRow) -> str:
        """Give a row its code, and the company the code. Returns it."""
        code, base = self._code(row)
        self._rows.setdefault(row.code, []).append((row, code))
        if base is not None and base not in self._books.vat_codes:
            self._record(base, VatRow(code=base, name=_NAMES.get(base, f"Standardkode {base}")), None)
        self._record(code, row, base)
        return code

    def code(self, own: str, rate: int | None, on: date) -> str:
        """The code behind a line's own one on a day; one that the tax table lacks is made up, and told."""
        rows = self._rows.get(own)
        if rows is None:
            self._remarks.often("VAT codes that are used but missing in the file's tax table were added", own)
            return self.add(
                VatRow(code=own, name=f"Mva-kode {own}", rate=rate, standard=own if own in _RATES else None)
            )
        for row, code in rows:
            if (row.valid_from or date.min) <= on <= (row.valid_to or date.max) and rate in (None, row.rate):
                return code
        return rows[0][1]

    def _code(self, row: VatRow) -> tuple[str, str | None]:
        """The code, and the standard code under a custom one."""
        standard = row.standard if row.standard in _RATES else None
        is_standard = standard is not None and row.rate in (None, _RATES[standard]) and row.basis_ratio == 10_000
        wanted = f"K{standard or row.code}" if row.is_compensation else standard if is_standard else f"C{row.code}"
        if wanted is None or wanted in self._books.vat_codes:
            wanted = f"C{row.code}"
        code, number = wanted, 2
        while code in self._books.vat_codes:
            code, number = f"{wanted}-{number}", number + 1
        return code, standard if code[0] in "CK" else None

    def _record(self, code: str, row: VatRow, base: str | None) -> None:
        standard = base or code
        account_no = _ACCOUNTS.get(standard)
        self._books.vat_codes[code] = VatCode(
            id=self._books.new_id(),
            created=self._opened,
            changed=self._opened,
            code=code,
            name=row.name or _NAMES.get(standard, code),
            rate=_RATES.get(standard, 0) if row.rate is None else row.rate,
            account_no=account_no if account_no in self._books.accounts else None,
            valid_from=row.valid_from or date(1970, 1, 1),
            valid_to=row.valid_to,
            base_code=base,
            basis_ratio=row.basis_ratio,
        )
