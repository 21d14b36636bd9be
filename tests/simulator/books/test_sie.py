"""SIE 4 files as companies: real ones to the øre, and every rule of the format that matters here."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.books.files import load, load_text, movements, real_file, sie, unbalanced
from tieout.simulator.books.load import BooksFileError
from tieout.simulator.books.model import Books


@pytest.mark.parametrize(
    ("name", "vouchers", "lines", "accounts", "published_months", "months"),
    [
        ("Test4.SE", 167, 1464, 66, 229, 262),
        ("sie_4.SE", 20, 76, 35, 55, 55),
        ("typ4.se", 81, 287, 66, 0, 77),
    ],
)
def test_real_file_comes_to_every_balance_it_publishes(
    name: str, vouchers: int, lines: int, accounts: int, published_months: int, months: int
) -> None:
    books = load(real_file(f"sie/{name}"))
    assert books.expected is not None
    assert books.expected.on is not None
    posted = [posting for posting in books.postings.values() if posting.voucher.no]
    assert (len({posting.voucher.no for posting in posted}), len(posted)) == (vouchers, lines)
    published = books.expected.closing | books.expected.result
    used = {posting.account_no for posting in books.postings.values()} | set(published)
    balances = books.trial_balance(books.expected.on)
    assert len(used) == accounts
    assert {no: balances.get(no, 0) for no in used} == {no: published.get(no, 0) for no in used}
    moved = movements(books)
    assert len(books.expected.monthly) == published_months
    assert len(moved) == months
    if published_months:
        assert {key: moved.get(key, 0) for key in moved | books.expected.monthly} == {
            key: books.expected.monthly.get(key, 0) for key in moved | books.expected.monthly
        }


@pytest.mark.parametrize("name", ["Test4.SE", "sie_4.SE", "typ4.se"])
def test_real_file_has_balanced_vouchers_numbered_in_file_order_and_no_subledger(name: str) -> None:
    books = load(real_file(f"sie/{name}"))
    assert unbalanced(books) == []
    numbers = [voucher.no for voucher in books.vouchers.values()]
    assert numbers == list(range(len(numbers)))
    assert not books.series
    assert not books.entries
    assert books.profile.lock_date is not None
    assert (books.profile.conversion_date - books.profile.lock_date).days == 1


def test_texts_are_read_in_code_page_437() -> None:
    books = load(real_file("sie/Test4.SE"))
    assert books.profile.name == "Exempelföretag 44"
    assert books.accounts[1510].name == "Kundfordringar"
    assert (books.profile.address.zip_code, books.profile.address.city) == ("602 24", "Norrköping")


def test_dimensions_of_a_real_file_are_departments_and_projects_and_a_further_one() -> None:
    books = load(real_file("sie/typ4.se"))
    assert {department.code for department in books.departments.values()} == {"AO", "IB", "LS", "YK"}
    assert {project.name for project in books.projects.values()} == {"Nyetablering Norr", "Nyetablering Söder"}
    other = load(real_file("sie/sie_4.SE"))
    assert {(value.ordinal, value.code) for value in other.custom_dimensions.values()} >= {(1, "101"), (1, "106")}
    assert other.profile.dimension_names == ("Medarbetare", None, None)


def test_opening_balances_are_one_voucher_before_the_year_and_need_not_sum_to_zero() -> None:
    books = load(real_file("sie/sie_4.SE"))
    opening = next(voucher for voucher in books.vouchers.values() if voucher.no == 0)
    assert (opening.type, opening.date) == ("YearEndJournal", date(2010, 12, 31))
    assert len({posting.account_no for posting in opening.postings}) == len(opening.postings) == 20
    assert sum(posting.amount for posting in opening.postings) == -28404683
    assert any("-284,046.83" in remark for remark in books.remarks)


_VOUCHER = ('#VER A 7 20250310 "Köp" 20250312', "{", "#TRANS 4000 {} 100.50", "#TRANS 1920 {} -100.50", "}")


def test_format_line_decides_the_encoding(tmp_path: Path) -> None:
    for said, encoding in (("PC8", "cp437"), ("UTF-8", "utf-8"), ("ISO8859-1", "latin-1")):
        head = (f"#FORMAT {said}", "#SIETYP 4", '#FNAMN "Blåbær"', "#RAR 0 20250101 20251231")
        assert load_text(tmp_path, sie(head=head), encoding=encoding).profile.name == "Blåbær"
    bom = load_text(tmp_path, "\ufeff" + sie(head=('#FNAMN "Blåbær"', "#SIETYP 4", "#RAR 0 20250101 20251231")))
    assert bom.profile.name == "Blåbær"


def test_lines_are_posted_on_the_vouchers_day_and_keep_their_own_in_the_text(tmp_path: Path) -> None:
    books = load_text(
        tmp_path,
        sie('#VER A 7 20250310 "Köp"', "{", '#TRANS 4000 {} 100 20250228 "Varer"', "#TRANS 1920 {} -100 20250310", "}"),
        encoding="cp437",
    )
    first, second = books.postings.values()
    assert {first.date, second.date} == {date(2025, 3, 10)}
    assert (first.description, second.description) == ("Varer (2025-02-28)", "Köp")


def test_corrections_inside_a_voucher_are_skipped(tmp_path: Path) -> None:
    removed = ("#BTRANS 4000 {} 99", "#RTRANS 4000 {} 100.50", *_VOUCHER[2:])
    books = load_text(tmp_path, sie(*_VOUCHER[:2], *removed), encoding="cp437")
    assert [posting.amount for posting in books.postings.values()] == [10050, -10050]


def test_stamps_are_the_day_of_registration_and_never_later_than_now(tmp_path: Path) -> None:
    books = load_text(tmp_path, sie(*_VOUCHER), encoding="cp437")
    assert {posting.created for posting in books.postings.values()} == {datetime(2025, 3, 11, 23, tzinfo=UTC)}
    now = datetime(2025, 2, 1, tzinfo=UTC)
    early = load_text(tmp_path, sie(*_VOUCHER), encoding="cp437", now=now)
    assert {posting.created for posting in early.postings.values()} == {now}
    assert [voucher.imported_no for voucher in early.vouchers.values()] == [7]


def test_account_types_follow_the_file_then_the_number(tmp_path: Path) -> None:
    rows = (
        "#KONTO 1510 Kunder",
        "#KTYP 1510 T",
        "#KONTO 2081 Kapital",
        "#KONTO 2440 Gjeld",
        "#KTYP 3001 I",
        "#KONTO 3001 Salg",
    )
    rows += ("#KONTO 4010 Varer", "#KONTO 8310 Rente", "#KTYP 8310 I", "#KONTO 9000 Internt", "#RES 0 9000 0")
    books = load_text(tmp_path, sie(*rows), encoding="cp437")
    assert {no: account.type for no, account in books.accounts.items()} == {
        1510: "Asset",
        2081: "Equity",
        2440: "Liability",
        3001: "Income",
        4010: "Expense",
        8310: "Income",
        9000: "Expense",
    }


def test_balances_per_object_are_no_movements_of_the_account(tmp_path: Path) -> None:
    rows = ('#PSALDO 0 202503 4000 {1 "x"} 40', "#PSALDO 0 202503 4000 {} 100.50", "#PSALDO -1 202403 4000 {} 7")
    books = load_text(tmp_path, sie(*rows, *_VOUCHER), encoding="cp437")
    assert books.expected is not None
    assert books.expected.monthly == {(4000, 2025, 3): 10050}


def test_balance_that_the_vouchers_do_not_come_to_is_told(tmp_path: Path) -> None:
    books = load_text(tmp_path, sie("#RES 0 4000 90", "#PSALDO 0 202503 4000 {} 80", *_VOUCHER), encoding="cp437")
    assert any("4000: 90.00 against 100.50" in remark for remark in books.remarks)
    assert any("4000 in 2025-03: 80.00 against 100.50" in remark for remark in books.remarks)


def test_a_result_that_is_published_as_a_balance_too_counts_once(tmp_path: Path) -> None:
    rows = ("#UB 0 4000 100.50", "#RES 0 4000 100.50", "#UB 0 1920 -100.50", "#RES 0 1920 0")
    books = load_text(tmp_path, sie(*rows, *_VOUCHER), encoding="cp437")
    assert books.expected is not None
    assert (books.expected.closing, books.expected.result) == ({1920: -10050}, {4000: 10050})
    assert not any("closing balance" in remark for remark in books.remarks)


def test_unbalanced_voucher_is_loaded_as_it_is_and_told(tmp_path: Path) -> None:
    books = load_text(
        tmp_path, sie("#VER A 1 20250310", "{", "#TRANS 4000 {} 100", "#TRANS 1920 {} -90", "}"), encoding="cp437"
    )
    assert [posting.amount for posting in books.postings.values()] == [10000, -9000]
    assert any("do not sum to zero" in remark and "10.00" in remark for remark in books.remarks)


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        (("#VER A 1 20250310", "{", "#TRANS 4000 {} 1x0"), 7, "no number"),
        (("#VER A 1 20250310", "{", "#TRANS 4000 {} 10"), 7, "middle of a voucher"),
        (("#TRANS 4000 {} 10",), 5, "outside a voucher"),
        (('#KONTO 1920 "Bank',), 5, "not closed"),
        (("#KTYP 1920",), 5, "missing"),
        (("#VER A 1 20250310", "{", "#KONTO 1 x", "#VER A 2 20250310"), 8, "inside another"),
    ],
)
def test_damaged_line_is_named(tmp_path: Path, rows: tuple[str, ...], line: int, said: str) -> None:
    with pytest.raises(BooksFileError, match=said) as caught:
        load_text(tmp_path, sie(*rows), encoding="cp437")
    assert f"line {line}:" in str(caught.value)
    assert "export it again" in str(caught.value)


_ODD = {
    "#VER without a day": (("20250310 ", ""), "day that there is", date(2025, 1, 1)),
    "a day that there is not": (("20250310", "20250231"), "day that there is", date(2025, 1, 1)),
    "a brace on the voucher's line": (("20250312\n{", "20250312 {"), "", None),
    "no list of objects": (("{} ", ""), "", None),
    "half a pair of objects": (("4000 {}", "4000 {1}"), "without a dimension", None),
    "decimals after a comma": ((".50", ",50"), "", None),
    "thousands set apart by a blank": (("1100.50", "1 100.50"), "", None),
    "thousands and a comma, in quotation marks": (("{} 1100.50", '{} "1 100,50"'), "", None),
    "a text with a quotation mark": (('"Köp"', '"Köp 15" skärm"'), "not escaped", None),
    "a text over two lines": (('"Köp"', '"Köp\nmer"'), "", None),
    "a line of nothing": (("{\n", "{\nhei\n"), "none of SIE", None),
    "lower case and tabs": (("#TRANS 4000 {} ", "#trans\t4000\t{}\t"), "", None),
}


@pytest.mark.parametrize(("change", "said", "on"), _ODD.values(), ids=_ODD)
def test_what_other_software_writes_is_loaded_and_told_where_it_is_no_sie(
    tmp_path: Path, change: tuple[str, str], said: str, on: date | None
) -> None:
    lines = ("#TRANS 4000 {} 1100.50", "#TRANS 1920 {} -1100.50")
    text = sie('#VER A 7 20250310 "Köp" 20250312', "{", *lines, "}").replace("\r\n", "\n")
    assert change[0] in text
    books = load_text(tmp_path, text.replace(*change), encoding="cp437")
    assert [(p.account_no, p.amount) for p in books.postings.values()] == [(4000, 110050), (1920, -110050)]
    assert {posting.date for posting in books.postings.values()} == {on or date(2025, 3, 10)}
    assert any(said in remark for remark in books.remarks)


@pytest.mark.parametrize(
    ("said", "written", "told"),
    [
        ("PC8", "utf-8", True),
        ("PC8", "latin-1", True),
        ("UTF-8", "latin-1", True),
        ("UTF-8", "cp437", True),
        ("ISO8859-1", "cp437", True),
        ("KLINGON", "cp437", True),
        ("PC8", "cp437", False),
        ("PC8", "utf-16", False),
    ],
)
def test_letters_decide_where_the_format_line_is_wrong(tmp_path: Path, said: str, written: str, told: bool) -> None:
    head = (f"#FORMAT {said}", "#SIETYP 4", '#FNAMN "Älvsjö Målare"', "#RAR 0 20250101 20251231")
    books = load_text(tmp_path, sie(head=head), encoding=written)
    assert books.profile.name == "Älvsjö Målare"
    assert any("its letters are those of" in remark for remark in books.remarks) is told


@pytest.mark.parametrize("written", ["cp850", "cp865"])
def test_norwegian_letters_of_the_code_pages_that_have_them(tmp_path: Path, written: str) -> None:
    head = ("#FORMAT PC8", "#SIETYP 4", '#FNAMN "Sjøgård Ærfugl Ø"', "#RAR 0 20250101 20251231")
    books = load_text(tmp_path, sie(head=head), encoding=written)
    assert books.profile.name == "Sjøgård Ærfugl Ø"
    assert any("its letters are those of cp865" in remark for remark in books.remarks)


@pytest.mark.parametrize(
    ("first", "second", "ore"),
    [
        ("1,500", "-1,500", 150_000),
        ("1.500", "-1.500", 150_000),
        ("1.234.500", "-1.234.500", 123_450_000),
        ("1.500,00", "-1500,00", 150_000),
        ("1,500.00", "-1500.00", 150_000),
        ("1.500", "-1.5", 150),
        ("1,500", "-1,5", 150),
        ("1.000", "-1.000", 100),
        ("1500,00", "1500,00-", 150_000),
    ],
)
def test_a_mark_before_three_digits_is_judged_by_the_whole_file(
    tmp_path: Path, first: str, second: str, ore: int
) -> None:
    lines = (f'#TRANS 4000 {{}} {first} 20250310 "Del 1.250"', f"#TRANS 1920 {{}} {second}")
    books = load_text(tmp_path, sie("#VER A 1 20250310", "{", *lines, "}"), encoding="cp437")
    assert [posting.amount for posting in books.postings.values()] == [ore, -ore]


def test_amounts_finer_than_ore_are_rounded_and_told(tmp_path: Path) -> None:
    lines = ("#TRANS 4000 {} 10.005", "#TRANS 1920 {} -10.00")
    books = load_text(tmp_path, sie("#VER A 1 20250310", "{", *lines, "}"), encoding="cp437")
    assert [posting.amount for posting in books.postings.values()] == [1000, -1000]
    assert "Amounts finer than øre were rounded (1: 10.005)." in list(books.remarks)


def test_a_posting_added_later_counts_once_and_alone_is_told(tmp_path: Path) -> None:
    twice = ("#RTRANS 4000 {} 100", "#TRANS 4000 {} 100", "#TRANS 1920 {} -100")
    books = load_text(tmp_path, sie("#VER A 1 20250310", "{", *twice, "}"), encoding="cp437")
    assert [posting.amount for posting in books.postings.values()] == [10_000, -10_000]
    assert not any("RTRANS" in remark for remark in books.remarks)
    alone = ("#RTRANS 4000 {} 100", "#TRANS 1920 {} -100")
    books = load_text(tmp_path, sie("#VER A 1 20250310", "{", *alone, "}"), encoding="cp437")
    told = [remark for remark in books.remarks if "RTRANS" in remark or "do not sum" in remark]
    assert len(told) == 2, told


def test_balances_that_stand_twice_and_a_break_between_years_are_told(tmp_path: Path) -> None:
    rows = (
        "#UB -1 1920 500",
        "#UB -1 2400 -7",
        "#IB 0 1920 499.50",
        "#IB 0 2400 -7",
        "#UB 0 1920 1",
        "#UB 0 1920 499.50",
    )
    told = list(load_text(tmp_path, sie(*rows, *_VOUCHER), encoding="cp437").remarks)
    assert "Accounts that do not open with what the year before closed with (1: 1920: 499.50 against 500.00)." in told
    assert any("stand twice with different amounts: the last one counts (1: line" in remark for remark in told)


def test_every_break_of_the_files_own_balances_is_named(tmp_path: Path) -> None:
    accounts = range(1900, 1912)
    told = list(load_text(tmp_path, sie(*(f"#UB 0 {no} 12.34" for no in accounts)), encoding="cp437").remarks)
    (broken,) = [remark for remark in told if "closing balance in the file" in remark]
    assert all(f"{no}: 12.34 against 0.00" in broken for no in accounts)


def test_a_posting_without_an_amount_is_zero_and_its_voucher_does_not_sum(tmp_path: Path) -> None:
    books = load_text(
        tmp_path, sie("#VER A 1 20250310", "{", "#TRANS 4000 {}", "#TRANS 1920 {} -90", "}"), encoding="cp437"
    )
    assert [posting.amount for posting in books.postings.values()] == [0, -9000]
    assert any("without an amount" in remark for remark in books.remarks)
    assert any("do not sum to zero" in remark for remark in books.remarks)


def test_quantity_after_a_balance_is_no_part_of_its_amount(tmp_path: Path) -> None:
    books = load_text(tmp_path, sie("#IB 0 1410 1 500", "#UB 0 1410 1 500", *_VOUCHER), encoding="cp437")
    assert [posting.amount for posting in books.postings.values() if posting.account_no == 1410] == [100]


def test_closing_balance_left_empty_is_told_and_not_taken_as_zero(tmp_path: Path) -> None:
    books = load_text(tmp_path, sie("#UB 0 1920", *_VOUCHER), encoding="cp437")
    assert any("Balances without an amount were left out (1: line 5: 0 1920)" in remark for remark in books.remarks)
    assert not any("closing" in remark.lower() for remark in books.remarks)


def test_bytes_that_are_no_letters_are_refused_with_their_line_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "books.se"
    path.write_bytes(b'\xef\xbb\xbf#FLAGGA 0\r\n#SIETYP 4\r\n#FNAMN "\xe5"\r\n')
    with pytest.raises(BooksFileError, match="line 3: has bytes that are no letters"):
        load(path)


def test_without_a_year_it_is_that_of_the_vouchers(tmp_path: Path) -> None:
    books = load_text(tmp_path, sie(*_VOUCHER, head=("#FLAGGA 0", "#SIETYP 4")), encoding="cp437")
    assert books.profile.conversion_date == date(2025, 1, 1)
    assert any("taken to be 2025-01-01 to 2025-12-31" in remark for remark in books.remarks)


def test_file_without_vouchers_or_without_a_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BooksFileError, match="SIE 1, which has no vouchers"):
        load_text(tmp_path, sie(head=("#FLAGGA 0", "#SIETYP 1")))
    with pytest.raises(BooksFileError, match="no #RAR 0"):
        load_text(tmp_path, sie(head=("#FLAGGA 0", "#SIETYP 4")))


_words = st.text(st.sampled_from("abcÅÄÖåäöæÆ 0123456789\"'{}\\#-/.,"), max_size=30).filter(
    lambda text: not text.endswith("\\")
)
_amounts = st.integers(-(10**11), 10**11)


class _Company(NamedTuple):
    accounts: dict[int, str]
    opening: dict[int, int]
    vouchers: list[tuple[date, str, int, list[tuple[int, int, str, list[tuple[str, str]]]]]]


@st.composite
def _company(draw: st.DrawFn) -> _Company:
    accounts = draw(st.dictionaries(st.integers(1000, 8999), _words, min_size=2, max_size=8))
    numbers = st.sampled_from(sorted(accounts))
    days = st.dates(date(2025, 1, 1), date(2025, 12, 31))
    objects = st.lists(
        st.tuples(st.sampled_from("167"), st.sampled_from(("A", "Å 1", '"x"'))), max_size=2, unique_by=lambda o: o[0]
    )
    rows = st.lists(st.tuples(numbers, _amounts, _words, objects), min_size=1, max_size=5)
    opening = draw(st.dictionaries(numbers, _amounts, max_size=5))
    return _Company(accounts, opening, draw(st.lists(st.tuples(days, _words, numbers, rows), max_size=6)))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _written(company: _Company) -> str:
    rows = [f"#KONTO {no} {_quoted(name)}" for no, name in company.accounts.items()]
    rows += [f"#IB 0 {no} {Decimal(amount).scaleb(-2)}" for no, amount in company.opening.items()]
    for number, (day, text, contra, lines) in enumerate(company.vouchers, 1):
        rows += [f'#VER "A" {number} {day:%Y%m%d} {_quoted(text)}', "{"]
        for account_no, amount, words, objects in lines:
            pairs = " ".join(f"{kind} {_quoted(key)}" for kind, key in objects)
            rows.append(f'\t#TRANS {account_no} {{{pairs}}} {Decimal(amount).scaleb(-2):f} "" {_quoted(words)}')
        rows += [f"\t#TRANS {contra} {{}} {Decimal(-sum(line[1] for line in lines)).scaleb(-2):f}", "}"]
    return sie(*rows)


def _tags(books: Books, posting_tags: tuple[int | None, int | None, int | None]) -> list[tuple[str, str]]:
    department, project, custom = posting_tags
    found = [("1", books.departments[department].code)] if department else []
    found += [("6", books.projects[project].code)] if project else []
    return found + ([("7", books.custom_dimensions[custom].code)] if custom else [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(company=_company())
def test_any_small_company_comes_back_from_its_file(tmp_path: Path, company: _Company) -> None:
    books = load_text(tmp_path, _written(company), encoding="cp437")
    assert {no: account.name or "" for no, account in books.accounts.items()} == {
        no: name or f"Konto {no}" for no, name in company.accounts.items()
    }
    opening = {p.account_no: p.amount for p in books.postings.values() if not p.voucher.no}
    assert opening == {no: amount for no, amount in company.opening.items() if amount}
    vouchers = [voucher for voucher in books.vouchers.values() if voucher.no]
    assert len(vouchers) == len(company.vouchers)
    for voucher, (day, text, contra, lines) in zip(vouchers, company.vouchers, strict=True):
        assert (voucher.date, voucher.description or "") == (day, text)
        assert sum(posting.amount for posting in voucher.postings) == 0
        assert [(p.account_no, p.amount) for p in voucher.postings] == [
            *((account_no, amount) for account_no, amount, _, _ in lines),
            (contra, -sum(amount for _, amount, _, _ in lines)),
        ]
        for posting, (_, _, words, objects) in zip(voucher.postings, lines, strict=False):
            assert posting.description == (words or text or None)
            tags = posting.tags
            assert _tags(books, (tags.department_id, tags.project_id, tags.dim1_id)) == sorted(objects)
