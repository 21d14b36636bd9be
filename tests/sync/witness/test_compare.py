"""A SAF-T file as a witness: the same books agree, and whatever is changed is named to the øre, and nothing else."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.planted_faults import Planting, planting
from tests.saft_files import Row, rows_of, saft_of
from tests.simulator.books.files import real_file
from tests.simulators import NOW, running_simulator
from tieout.simulator.books.invent import invent_companies
from tieout.simulator.books.model import Books
from tieout.sync.witness.compare import Evidence, examine
from tieout.sync.witness.errors import OtherCompanyError, WitnessError
from tieout.sync.witness.matching import Shape

AT = datetime(2026, 3, 16, 12, tzinfo=UTC)
SEED = 3
FIRST, LAST = date(2026, 2, 1), date(2027, 1, 31)  # the tiny company's fiscal year


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planting]:
    with planting(tmp_path_factory.mktemp("witnessed"), size="tiny", seed=SEED) as at:
        yield at


@pytest.fixture(scope="module")
def books() -> Books:
    """The same company as the simulator's, from the same seed."""
    (company,) = invent_companies(size="tiny", seed=SEED, now=NOW)
    return company.books


def heard(at: Planting, path: Path, number: str, *, most: int = 10**8) -> Evidence:
    return examine(
        path, path.name, organisation_number=number, proof=at.connector.proof, store=at.store, at=AT, most=most
    )


def told(at: Planting, books: Books, folder: Path, rows: list[Row] | None = None, first: date = FIRST) -> Evidence:
    path = folder / "books.xml"
    path.write_text(saft_of(books, first, LAST, rows=rows), encoding="utf-8")
    return heard(at, path, books.profile.organisation_number)


@pytest.mark.parametrize("first", [FIRST, date(2025, 12, 1)], ids=["a year", "all that there is, from within a year"])
def test_the_same_books_agree_account_by_account_and_voucher_by_voucher(
    synced: Planting, books: Books, tmp_path: Path, first: date
) -> None:
    said = told(synced, books, tmp_path, first=first)
    assert said.agrees
    assert (said.accounts_apart, said.vouchers.apart, said.contradictions) == ((), (), ())
    vouchers = {(row.voucher, row.on.month, row.on.year) for row in rows_of(books) if first <= row.on <= LAST}
    assert 0 < said.vouchers.equal <= len(vouchers)
    assert said.vouchers.renumbered == 0


def test_a_changed_amount_is_named_with_its_accounts(synced: Planting, books: Books, tmp_path: Path) -> None:
    rows = rows_of(books)
    at = next(i for i, row in enumerate(rows) if row.on >= FIRST and row.amount > 100)
    other = next(
        i
        for i, row in enumerate(rows)
        if (row.voucher, row.on) == (rows[at].voucher, rows[at].on) and row.account != rows[at].account
    )
    for place, by in ((at, 1), (other, -1)):
        rows[place] = rows[place]._replace(amount=rows[place].amount + by)
    said = told(synced, books, tmp_path, rows)
    (apart,) = said.vouchers.apart
    assert (apart.shape, apart.number) == (Shape.CHANGED, str(rows[at].voucher))
    assert {(no, stored - file) for no, stored, file in apart.accounts} == {
        (rows[at].account, -1),
        (rows[other].account, 1),
    }
    assert {(one.account_no, one.what, one.stored - one.witness) for one in said.accounts_apart} == {
        (rows[place].account, what, by) for place, by in ((at, -1), (other, 1)) for what in ("movement", "closing")
    }


def test_a_voucher_that_the_file_lacks_and_one_that_we_lack(synced: Planting, books: Books, tmp_path: Path) -> None:
    rows = rows_of(books)
    gone = next(row.voucher for row in rows if row.on >= FIRST and row.amount)
    rows = [row for row in rows if row.voucher != gone]
    rows += [Row(999_999, date(2026, 3, 3), 1920, 5000), Row(999_999, date(2026, 3, 3), 3020, -5000)]
    said = told(synced, books, tmp_path, rows)
    shapes = {(one.shape, one.number) for one in said.vouchers.apart}
    assert shapes == {(Shape.EXTRA, str(gone)), (Shape.MISSING, "999999")}
    assert not said.agrees


def test_another_numbering_is_no_difference(synced: Planting, books: Books, tmp_path: Path) -> None:
    rows = [row._replace(voucher=row.voucher + 70_000) for row in rows_of(books)]
    said = told(synced, books, tmp_path, rows)
    assert said.agrees
    assert said.vouchers.renumbered == said.vouchers.equal > 0


def test_another_companys_file_is_refused(synced: Planting, books: Books, tmp_path: Path) -> None:
    path = tmp_path / "other.xml"
    path.write_text(saft_of(books, FIRST, LAST), encoding="utf-8")
    with pytest.raises(OtherCompanyError, match="Nothing was compared"):
        heard(synced, path, "910000004")


def test_a_file_that_contradicts_itself_is_told_apart_from_the_books(
    synced: Planting, books: Books, tmp_path: Path
) -> None:
    path = tmp_path / "books.xml"
    text = saft_of(books, FIRST, LAST)
    path.write_text(re.sub(r"(1920<.*?Closing\w+Balance>)[0-9.]+", r"\g<1>1.00", text, count=1), encoding="utf-8")
    said = heard(synced, path, books.profile.organisation_number)
    assert said.agrees
    assert [(one.what, one.account_no, abs(one.said)) for one in said.contradictions] == [("closing", 1920, 100)]


HEAD = '<?xml version="1.0"?>'
BOMB = HEAD + '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><AuditFile><Header><X>&c;</X></Header></AuditFile>'
OUTSIDE = HEAD + '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><AuditFile><Header>&b;</Header></AuditFile>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        ("", "no whole XML"),
        ("<AuditFile><Header>", "no whole XML"),
        ("<html/>", "no SAF-T header"),
        ("<AuditFile><Header><Company/></Header></AuditFile>", "no company, or no span"),
    ],
)
def test_what_is_no_saft_file_is_refused_in_a_sentence(synced: Planting, tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "hostile.xml"
    path.write_text(text)
    with pytest.raises(WitnessError, match=why):
        heard(synced, path, "910000004")


def test_a_zip_is_read_and_one_that_swells_is_stopped(synced: Planting, books: Books, tmp_path: Path) -> None:
    path = tmp_path / "books.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("books.xml", saft_of(books, FIRST, LAST))
    assert heard(synced, path, books.profile.organisation_number).agrees
    with pytest.raises(WitnessError, match="larger than"):
        heard(synced, path, books.profile.organisation_number, most=1000)


@pytest.mark.parametrize("name", ["example_1.30.xml", "ruby-saft_biggest_v1.30.xml"])
def test_real_files_agree_with_what_was_synced_of_them_where_they_add_up(name: str, tmp_path: Path) -> None:
    path = real_file(f"saft/{name}")
    with running_simulator(books=[path], throttle=False, thread=True) as simulator:
        at = Planting(simulator, tmp_path, 1)
        at.sync()
        number = simulator.company()["organisation_number"]
        copy = tmp_path / name
        text = path.read_text(encoding="utf-8-sig")
        of_company = r"(<(?:\w+:)?Company>\s*<(?:\w+:)?RegistrationNumber>)[^<]*"
        copy.write_text(re.sub(of_company, rf"\g<1>{number}", text, count=1), encoding="utf-8")
        said = heard(at, copy, number)
        at.warehouse.close()
    assert said.agrees, (said.accounts_apart, said.vouchers.apart)
    assert said.vouchers.equal > 0
