"""Kinds of vouchers, from the file's code or from the lines."""

import pytest

from tieout.simulator.books.loading.voucher_types import Side, voucher_type


def _sides(*rows: tuple[int, int] | tuple[int, int, str] | tuple[int, int, str, bool]) -> list[Side]:
    return [Side(*row) for row in rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1500, 125, "customer"), (3000, -100), (2700, -25)], "OutgoingInvoice"),
        ([(1500, -125, "customer"), (3000, 100), (2700, 25)], "OutgoingCreditNote"),
        ([(2400, -125, "supplier"), (4300, 100), (2710, 25)], "IncomingInvoice"),
        ([(2400, -125, "supplier"), (1250, 100), (2710, 25)], "IncomingInvoice"),
        ([(2400, 125, "supplier"), (6800, -100), (2710, -25)], "IncomingCreditNote"),
        ([(1920, 125), (1500, -125, "customer", True)], "IncomingOcrGiro"),
        ([(1920, 125), (1500, -125, "customer")], "BankJournal"),
        ([(1920, -125), (2400, 125, "supplier", True)], "IncomingBankRemittance"),
        ([(1920, -130), (2400, 125, "supplier"), (7770, 5)], "BankJournal"),
        ([(5000, 100), (2600, -30), (2930, -70)], "PayrollJournal"),
        ([(2700, 100), (2710, -40), (2740, -60)], "VatReturns"),
        ([(2740, 60), (1920, -60)], "ManualJournal"),
        ([(6010, 10), (1250, -10)], "DepreciationJournal"),
        ([(6020, 10), (1250, -10)], "DepreciationJournal"),
        ([(6300, 10), (1250, -10)], "ManualJournal"),
        ([(8960, 10), (2050, -10)], "YearEndJournal"),
        ([(300000, 10), (192000, -10)], "ManualJournal"),
        ([], "ManualJournal"),
    ],
)
def test_lines_tell_the_type(rows: list[tuple[int, int]], expected: str) -> None:
    assert voucher_type(None, _sides(*rows)) == expected


@pytest.mark.parametrize(
    ("code", "rows", "expected"),
    [
        ("SI", [(1500, 1, "customer"), (2900, -1)], "OutgoingInvoice"),
        ("SI", [(1500, -1, "customer"), (2900, 1)], "OutgoingCreditNote"),
        ("PI", [(2400, -1, "supplier"), (1700, 1)], "IncomingInvoice"),
        ("PI", [(2400, 1, "supplier"), (1700, -1)], "IncomingCreditNote"),
        ("P", [(7770, 1), (1920, -1)], "BankJournal"),
        ("P", [(2400, 1, "supplier", True), (1920, -1)], "IncomingBankRemittance"),
        ("payrolljournal", [(1500, 1), (1920, -1)], "PayrollJournal"),
        ("XX", [(1500, 1, "customer"), (3000, -1)], "OutgoingInvoice"),
    ],
)
def test_known_code_goes_before_the_lines(code: str, rows: list[tuple[int, int]], expected: str) -> None:
    assert voucher_type(code, _sides(*rows)) == expected
