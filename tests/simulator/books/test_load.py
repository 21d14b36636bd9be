"""Loading several files: formats by content, organisation numbers, and files that are damaged or mean harm."""

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from stdnum.no import orgnr

from tests.simulator.books.files import NOW, account, line, load, load_text, real_file, saft, sie, transaction
from tests.simulator.books.snapshot import snapshot
from tieout.simulator.books.load import BooksFileError, load_companies
from tieout.simulator.books.loading.source import find_books

_CHART = account("4000") + account("1920")
_ENTRY = transaction("1", line("4000", "10"), line("1920", "-10"))
_REAL = ("sie/Test4.SE", "sie/sie_4.SE", "sie/typ4.se", "saft/example_1.30.xml", "saft/ruby-saft_biggest_v1.30.xml")


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_all_real_files_load_together_with_organisation_numbers_of_their_own() -> None:
    companies = load_companies([real_file(name) for name in _REAL], now=NOW)
    numbers = [company.books.profile.organisation_number for company in companies]
    assert len(set(numbers)) == len(_REAL)
    assert all(orgnr.is_valid(number) for number in numbers)
    assert [number for number in numbers if not number.startswith("3")] == ["999999999"]
    for company in companies:
        assert company.books.profile.lock_date == company.books.profile.conversion_date - timedelta(days=1)


def test_loading_is_a_function_of_the_bytes(tmp_path: Path) -> None:
    original = real_file("sie/Test4.SE")
    copy = _file(tmp_path, "another name", original.read_bytes())
    first, second = load(original), load(copy)
    assert snapshot(first) == snapshot(second)


def test_file_loaded_twice_gives_two_companies(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.xml", saft(accounts=_CHART, entries=_ENTRY))
    first, second = (company.books for company in load_companies([path, path], now=NOW))
    assert first.profile.organisation_number == "999999999"
    assert second.profile.organisation_number.startswith("3")
    assert any("another loaded company has it" in remark for remark in second.remarks)
    assert not set(first.vouchers) & set(second.vouchers)


def test_format_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    swapped = [
        _file(tmp_path, "books.se", saft(accounts=_CHART)),
        _file(tmp_path, "books.xml", sie("#KONTO 1920 Bank")),
    ]
    assert [len(company.books.accounts) for company in load_companies(swapped, now=NOW)] == [2, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_xml_in_the_encoding_it_names(tmp_path: Path, encoding: str) -> None:
    named = {"utf-8-sig": "utf-8", "latin-1": "iso-8859-1"}.get(encoding, encoding)
    text = saft(accounts=account("4000").replace("Konto", "Blåbær")).replace('encoding="UTF-8"', f'encoding="{named}"')
    assert load_text(tmp_path, text, encoding=encoding).accounts[4000].name == "Blåbær 4000"


def test_zip_of_one_file_is_read_and_of_two_refused(tmp_path: Path) -> None:
    text = saft(accounts=_CHART, entries=_ENTRY)
    with zipfile.ZipFile(tmp_path / "one.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/books.xml", text)
        archive.writestr("__MACOSX/folder/._books.xml", b"x")
    assert len(load(tmp_path / "one.zip").postings) == 2
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.xml", text)
        archive.writestr("b.xml", text)
    with pytest.raises(BooksFileError, match="a zip of 2 files"):
        load(tmp_path / "two.zip")


def test_error_inside_a_zip_names_both_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("books.se", sie("#KTYP 1"))
    with pytest.raises(BooksFileError, match=r"one\.zip/books\.se, line 5: #KTYP"):
        load(tmp_path / "one.zip")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"Dato;Konto;Sum\n", "neither SAF-T"),
        (b"# Heading\n\ntext", "neither SAF-T"),
        (b"\x00\x01\x02\x03", "neither SAF-T"),
        (b"PK\x03\x04 not really", "can't be read"),
        (b"<html><body>Sign in</body></html>", "is XML, but html"),
        (b"<a", "no well-formed XML"),
        (
            b"<AuditFile xmlns='urn:OECD:StandardAuditFile-Tax:PT_1.04_01'><Header/></AuditFile>",
            "not a Norwegian SAF-T Financial",
        ),
        (b"<AuditFile/>", "no Header"),
        (b"<AuditFile><Header><AuditFileCountry>RO</AuditFileCountry></Header></AuditFile>", "another country"),
        (b"<AuditFile><Header/></AuditFile>", "no Company"),
    ],
)
def test_what_is_no_file_of_books_is_refused_with_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BooksFileError, match=said) as caught:
        load(_file(tmp_path, "given.dat", content))
    assert str(caught.value).startswith("given.dat")
    assert str(caught.value).endswith(".")


def test_missing_file_folder_and_cut_zip_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BooksFileError, match=r"none\.xml: can't be read"):
        load(tmp_path / "none.xml")
    with pytest.raises(BooksFileError, match="can't be read"):
        load(tmp_path)
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("books.xml", saft(accounts=_CHART, entries=_ENTRY))
    damaged = bytearray((tmp_path / "whole.zip").read_bytes())
    damaged[60:70] = b"\xff" * 10
    with pytest.raises(BooksFileError, match="can't be read"):
        load(_file(tmp_path, "cut.zip", bytes(damaged)))


_LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{('&' + before + ';') * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("prolog", "reference"),
    [
        (_LAUGHS + "]>", "&i;"),
        ("<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>", "&f;"),
        ("<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;]>", ""),
        ("<!DOCTYPE x SYSTEM 'file:///etc/hostname'>", ""),
    ],
)
def test_entities_are_never_followed(tmp_path: Path, prolog: str, reference: str) -> None:
    text = saft(accounts=account("4000").replace("Konto", reference), prolog=prolog)
    with pytest.raises(BooksFileError):
        load_text(tmp_path, text)


def test_comments_inside_amounts_do_not_cut_them(tmp_path: Path) -> None:
    entry = _ENTRY.replace("<Amount>10</Amount>", "<Amount>1<!-- hidden --><?odd thing?>0</Amount>")
    books = load_text(tmp_path, saft(accounts=_CHART, entries=entry))
    assert [posting.amount for posting in books.postings.values()] == [1000, -1000]


def test_deep_nesting_and_endless_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BooksFileError, match="well-formed"):
        load_text(tmp_path, saft(accounts="<x>" * 5000 + "</x>" * 5000))
    with pytest.raises(BooksFileError, match="well-formed"):
        load_text(tmp_path, saft(accounts=account("4000").replace("Konto", "x" * 11_000_000)))


def test_zip_that_grows_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("books.xml", b"<" + b" " * 3_000_000)
    assert (tmp_path / "bomb.zip").stat().st_size < 10_000
    with pytest.raises(BooksFileError, match="is larger than"):
        find_books(tmp_path / "bomb.zip", most_bytes=2_000_000)


def test_one_bad_file_among_good_ones_loads_nothing(tmp_path: Path) -> None:
    good = _file(tmp_path, "good.xml", saft(accounts=_CHART, entries=_ENTRY))
    bad = _file(tmp_path, "bad.xml", saft(accounts=_CHART, entries=_ENTRY + "<Transaction>"))
    with pytest.raises(BooksFileError, match=r"bad\.xml, line"):
        load_companies([good, bad], now=NOW)


def test_now_needs_a_time_zone_and_bounds_every_stamp(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        load_companies([], now=datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
    path = real_file("saft/example_1.30.xml")
    now = datetime(2025, 9, 27, 10, tzinfo=UTC)
    books = load(path, now=now)
    stamped: list[Any] = [
        *books.postings.values(),
        *books.entries.values(),
        *books.accounts.values(),
        *books.outgoing.values(),
    ]
    assert all(record.created <= record.changed <= now for record in stamped)
    assert all(voucher.created <= now for voucher in books.vouchers.values())
    assert books.now == now


def test_loaded_company_stands_still_when_its_clock_moves(tmp_path: Path) -> None:
    (company,) = load_companies([_file(tmp_path, "a.xml", saft(accounts=_CHART, entries=_ENTRY))], now=NOW)
    before = len(company.books.postings)
    company.advance(NOW + timedelta(days=400))
    assert (company.books.now, len(company.books.postings)) == (NOW + timedelta(days=400), before)


def test_every_posting_refers_to_what_is_in_the_books() -> None:
    for company in load_companies([real_file(name) for name in _REAL], now=NOW):
        books = company.books
        for posting in books.postings.values():
            assert posting.account_no in books.accounts
            assert posting.vat_code is None or posting.vat_code in books.vat_codes
            assert posting.contact_id is None or posting.contact_id in books.contacts
            assert posting.entry is None or books.entries[posting.entry.id] is posting.entry
            assert posting.tags.project_id is None or posting.tags.project_id in books.projects
            assert posting.tags.department_id is None or posting.tags.department_id in books.departments
            assert posting.voucher is books.vouchers[posting.voucher.id]
        ids = [
            record.id
            for shelf in (books.accounts, books.contacts, books.postings, books.entries)
            for record in shelf.values()
        ]
        assert len(ids) == len(set(ids))
