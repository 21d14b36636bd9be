"""What differs between two lists of lines, named and summed to the øre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from tieout.sync.proof.shapes import Comparison, Line, cut_off
from tieout.warehouse.incidents import Finding, Shape

DAY, LATER = date(2026, 1, 9), date(2026, 2, 3)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line(key: int, account: int, amount: int, voucher: int = 1, on: date = DAY) -> Line:
    return Line(key=(key,), on=on, voucher=voucher, number=account, amount=Decimal(amount))


SALE = [line(1, 1920, 100), line(2, 3000, -100)]
OTHER = [line(3, 1920, 7, voucher=2), line(4, 3000, -7, voucher=2)]


def findings(ours: Sequence[Line], theirs: Sequence[Line], **how: datetime) -> list[Finding]:
    return Comparison(ours, theirs, opening_no=0, **how).findings()


def shapes(ours: Sequence[Line], theirs: Sequence[Line], **how: datetime) -> list[tuple[Shape, int | None, int]]:
    return [(f.shape, f.account_no, int(f.difference)) for f in findings(ours, theirs, **how)]


def test_equal_lists_have_no_findings_nor_do_rows_under_new_keys() -> None:
    assert findings(SALE, SALE) == []
    assert findings(SALE, [replace(one, key=(one.key[0] + 50,)) for one in SALE]) == []


def test_a_voucher_that_we_lack_and_one_that_the_source_lacks() -> None:
    assert shapes(OTHER, [*SALE, *OTHER]) == [(Shape.MISSING_VOUCHER, 1920, -100), (Shape.MISSING_VOUCHER, 3000, 100)]
    assert {shape for shape, _, _ in shapes([*SALE, *OTHER], OTHER)} == {Shape.SURPLUS_VOUCHER}


def test_a_single_line_is_no_voucher() -> None:
    assert shapes(SALE[:1], SALE) == [(Shape.MISSING_POSTING, 3000, 100)]
    assert shapes(SALE, SALE[:1]) == [(Shape.SURPLUS_POSTING, 3000, -100)]


def test_a_line_twice_under_its_own_key_or_another() -> None:
    assert shapes([*SALE, SALE[0]], SALE) == [(Shape.DOUBLED_VOUCHER, 1920, 100)]
    assert shapes([*SALE, replace(SALE[0], key=(99,))], SALE) == [(Shape.DOUBLED_VOUCHER, 1920, 100)]


def test_an_amount_corrected_under_the_same_key_or_by_new_rows() -> None:
    corrected = [line(1, 1920, 90), line(2, 3000, -90)]
    told = [(Shape.CORRECTED_IN_PLACE, 1920, 10), (Shape.CORRECTED_IN_PLACE, 3000, -10)]
    assert shapes(SALE, corrected) == told
    assert shapes(SALE, [replace(one, key=(one.key[0] + 50,)) for one in corrected]) == told


def test_another_account_shows_on_both_and_says_where_it_belongs() -> None:
    found = findings(SALE, [line(1, 1930, 100), SALE[1]])
    assert {(f.shape, f.account_no, f.other_account_no, int(f.difference)) for f in found} == {
        (Shape.WRONG_ACCOUNT, 1920, 1930, 100),
        (Shape.WRONG_ACCOUNT, 1930, 1920, -100),
    }


def test_another_date_shows_in_both_months() -> None:
    found = findings([*SALE, *OTHER], [*(replace(one, on=LATER) for one in SALE), *OTHER])
    assert {(f.shape, f.month, f.other_date) for f in found} == {
        (Shape.SHIFTED_DATE, date(2026, 1, 1), LATER),
        (Shape.SHIFTED_DATE, date(2026, 2, 1), DAY),
    }
    assert sum(f.difference for f in found) == 0


def test_a_month_of_which_we_have_nothing_is_missing_as_a_whole() -> None:
    february = [
        replace(one, on=LATER, voucher=(one.voucher or 0) + 10, key=(one.key[0] + 10,)) for one in (*SALE, *OTHER)
    ]
    assert {shape for shape, _, _ in shapes(SALE, [*SALE, *february])} == {Shape.MISSING_MONTH}


def test_the_opening_is_named() -> None:
    opening = [line(8, 1920, 5, voucher=0), line(9, 2050, -5, voucher=0)]
    assert {shape for shape, _, _ in shapes(SALE, [*opening, *SALE])} == {Shape.OPENING_MISSING}


def test_what_was_made_after_the_check_began_is_told_apart() -> None:
    late = [replace(one, created=NOON) for one in OTHER]
    assert {shape for shape, _, _ in shapes(SALE, [*SALE, *late], since=NOON)} == {Shape.POSTED_AFTER}


def test_books_that_end_too_early_are_cut_off() -> None:
    rest = [replace(one, on=LATER) for one in OTHER] + [
        line(7, 1920, 1, voucher=3, on=LATER),
        line(8, 3000, -1, 3, LATER),
    ]
    found = cut_off(findings(SALE, [*SALE, *rest]), DAY)
    assert {(f.shape, f.other_date) for f in found} == {(Shape.CUT_OFF, DAY)}
    assert {f.shape for f in cut_off(findings(SALE, [*SALE, *rest]), LATER)} != {Shape.CUT_OFF}
