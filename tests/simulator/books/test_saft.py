"""SAF-T Financial files as companies: real ones to the øre, and each rule of the mapping."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.books.files import (
    NOW,
    account,
    analysis,
    line,
    load,
    load_text,
    party,
    real_file,
    saft,
    transaction,
    unbalanced,
)
from tieout.simulator.books.load import BooksFileError
from tieout.simulator.books.model import Books

_CUSTOMERS = f"<Customers>{party('Customer', '10001', account='1500')}</Customers>"
_SUPPLIERS = f"<Suppliers>{party('Supplier', '20001', account='2400')}</Suppliers>"
_CHART = "".join(map(account, ("1500", "1920", "2400", "2700", "2710", "3000", "4000")))


def _customer(key: str, extra: str = "") -> str:
    return f"<CustomerID>{key}</CustomerID>{extra}"


def _book(
    folder: Path, *entries: str, parties: str = _CUSTOMERS + _SUPPLIERS, accounts: str = _CHART, tables: str = ""
) -> Books:
    return load_text(folder, saft(accounts=accounts, parties=parties, tables=tables, entries="".join(entries)))


def _amounts(books: Books) -> list[tuple[int, int]]:
    return [(posting.account_no, posting.amount) for posting in books.postings.values()]


def test_official_example_comes_to_every_balance_it_publishes() -> None:
    books = load(real_file("saft/example_1.30.xml"))
    assert books.expected is not None
    balances = books.trial_balance(date(2025, 12, 31))
    published = books.expected.closing | books.expected.result
    assert len(published) == 7
    assert {no: balances.get(no, 0) for no in published} == published
    assert set(balances) <= set(published)
    assert unbalanced(books) == []
    for kind in ("customer", "supplier"):
        parties = books.party_balances(kind, date(2025, 12, 31))
        expected = {contact: closing for (of, contact), closing in books.expected.parties.items() if of == kind}
        assert expected
        assert parties == expected
        control = {series.account_no for series in books.series if series.kind.lower() == kind}
        assert sum(parties.values()) == sum(balances.get(no, 0) for no in control)


def test_official_example_has_its_vouchers_invoices_open_items_and_parties() -> None:
    books = load(real_file("saft/example_1.30.xml"))
    assert [(voucher.no, voucher.type) for voucher in books.vouchers.values()] == [
        (1, "IncomingInvoice"),
        (2, "OutgoingInvoice"),
        (3, "IncomingBankRemittance"),
    ]
    (outgoing,), (incoming,) = books.outgoing.values(), books.incoming.values()
    assert (outgoing.total_nok, outgoing.net_nok, outgoing.invoice_no) == (1250000, 1000000, "59357795")
    assert [(row.net, row.vat, row.vat_code, row.vat_rate) for row in outgoing.lines] == [(1000000, 250000, "3", 2500)]
    assert (incoming.total_nok, incoming.net_nok) == (-1250000, -1000000)
    assert [(entry.kind, entry.balance()) for entry in books.entries.values() if entry.balance()] == [
        ("customer", 1250000)
    ]
    paid = [entry for entry in books.entries.values() if entry.kind == "supplier"]
    assert len({entry.match_id for entry in paid}) == 1
    assert [entry.balance(date(2025, 10, 10)) for entry in paid] == [-1250000, 1250000]
    assert {contact.customer_no or contact.supplier_no for contact in books.contacts.values()} == {15000, 24000}
    assert [(series.kind, series.first, series.last, series.account_no) for series in books.series] == [
        ("Customer", 10000, 19999, 1500),
        ("Supplier", 20000, 29999, 2400),
    ]


def test_official_example_keeps_stamps_dimension_vat_and_contact() -> None:
    books = load(real_file("saft/example_1.30.xml"))
    first = next(iter(books.postings.values()))
    assert first.created == datetime(2025, 9, 27, 14, 28, 59, tzinfo=UTC)
    assert first.changed == datetime(2025, 9, 30, 22, tzinfo=UTC)
    assert books.projects[first.tags.project_id or 0].name == "Office building Aker Brygge"
    assert (first.vat_code, first.vat_amount) == ("1", 250000)
    assert books.accounts[4000].vat_code == "1"
    assert [(contact.name, contact.role) for contact in books.client_contacts.values()] == [
        ("Ola Nordmann", "GeneralManager")
    ]
    assert [bank.account_no for bank in books.bank_accounts.values()] == [1925]
    assert books.profile.organisation_number == "999999999"


def test_fixture_that_contradicts_itself_is_loaded_unaltered_and_every_contradiction_told() -> None:
    books = load(real_file("saft/ruby-saft_biggest_v1.30.xml"))
    assert _amounts(books) == [(1920, -200), (1920, 59800), (1921, -59300), (1921, -12300)]
    assert unbalanced(books) == [1, 2]
    assert books.expected is not None
    assert books.expected.account_numbers == {"1500:12": 150012}
    told = "\n".join(books.remarks)
    for said in (
        "stand twice",
        "1921",
        "do not sum to zero",
        "NumberOfEntries says 5",
        "1920: -1.00 against 596.00",
        "101102103",
    ):
        assert said in told
    assert books.profile.organisation_number.startswith("3")
    assert [posting.currency for posting in books.postings.values()] == ["NOK", "NOK", "NOK", "SEK"]


@pytest.mark.parametrize("version", ["1.10", "1.20"])
def test_older_versions_keep_balances_in_the_party_and_amounts_without_a_side(tmp_path: Path, version: str) -> None:
    old = (
        "<Customers><Customer><Name>Kunde</Name><CustomerID>10001</CustomerID><AccountID>1500</AccountID>"
        "<OpeningDebitBalance>50</OpeningDebitBalance><ClosingDebitBalance>175.00</ClosingDebitBalance></Customer></Customers>"
    )
    tax = (
        "<TaxInformation><TaxCode>3</TaxCode><TaxPercentage>25</TaxPercentage>"
        "<TaxAmount><Amount>25</Amount></TaxAmount></TaxInformation>"
    )
    part = (
        "<Analysis><AnalysisType>A</AnalysisType><AnalysisID>1</AnalysisID>"
        "<AnalysisAmount><Amount>60</Amount></AnalysisAmount></Analysis>"
    )
    sale = transaction(
        "1", line("1500", "125", _customer("10001")), line("3000", "-100", part + tax), line("2700", "-25")
    )
    chart = account("1500", opening="50", closing="175") + account("3000") + account("2700")
    books = load_text(tmp_path, saft(accounts=chart, parties=old, entries=sale, version=version))
    assert _amounts(books) == [(1500, 5000), (1500, 12500), (3000, -6000), (3000, -4000), (2700, -2500)]
    assert [posting.vat_amount for posting in books.postings.values()] == [0, 0, -1500, -1000, 0]
    assert not any(word in remark for remark in books.remarks for word in ("closing balance", "differ"))
    assert sum(books.party_balances("customer", date(2025, 12, 31)).values()) == 17500


def test_opening_balances_are_voucher_no_0_and_one_entry_a_party(tmp_path: Path) -> None:
    rows = party("Customer", "10001", account="1500", opening="300") + party("Customer", "7", opening="-50")
    parties = f"<Customers>{rows}</Customers>"
    books = _book(tmp_path, accounts=account("1500", opening="250") + account("2000", opening="-240"), parties=parties)
    (opening,) = books.vouchers.values()
    assert (opening.no, opening.type, opening.date) == (0, "YearEndJournal", date(2024, 12, 31))
    assert _amounts(books) == [(1500, 25000), (2000, -24000)]
    assert [(entry.amount, entry.voucher.no, entry.date) for entry in books.entries.values()] == [
        (30000, 0, date(2024, 12, 31)),
        (-5000, 0, date(2024, 12, 31)),
    ]
    assert any("opening balances sum to 10.00" in remark for remark in books.remarks)
    assert books.profile.lock_date == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("on", "period", "year", "posted"),
    [
        ("2025-03-10", "3", "2025", date(2025, 3, 10)),
        ("2025-04-02", "3", "2025", date(2025, 3, 31)),
        ("2024-12-30", "02", "2025", date(2025, 2, 28)),
        ("2025-05-02", "13", "2025", date(2025, 12, 31)),
    ],
)
def test_posting_date_is_the_vouchers_day_or_the_last_of_its_period(
    tmp_path: Path, on: str, period: str, year: str, posted: date
) -> None:
    books = _book(tmp_path, transaction("1", line("4000", "10"), line("1920", "-10"), on=on, period=period, year=year))
    assert {posting.date for posting in books.postings.values()} == {posted}
    assert [voucher.date for voucher in books.vouchers.values()] == [date.fromisoformat(on)]


def test_span_of_days_over_a_shifted_year_gives_conversion_date_and_year_end(tmp_path: Path) -> None:
    criteria = "<SelectionStartDate>2024-07-01</SelectionStartDate><SelectionEndDate>2025-06-30</SelectionEndDate>"
    # period 1 is the first of the shifted year
    entry = transaction("1", line("4000", "10"), line("1920", "-10"), on="2024-07-05", period="1", year="2025")
    books = load_text(tmp_path, saft(accounts=_CHART, entries=entry, criteria=criteria))
    assert (books.profile.conversion_date, books.profile.year_end_month) == (date(2024, 7, 1), 6)
    assert {posting.date for posting in books.postings.values()} == {date(2024, 7, 5)}
    assert books.expected is not None
    assert books.expected.on == date(2025, 6, 30)


def test_span_of_periods_that_ends_in_june_shifts_the_year(tmp_path: Path) -> None:
    criteria = (
        "<PeriodStart>7</PeriodStart><PeriodStartYear>2024</PeriodStartYear>"
        "<PeriodEnd>6</PeriodEnd><PeriodEndYear>2025</PeriodEndYear>"
    )
    books = load_text(tmp_path, saft(accounts=_CHART, criteria=criteria))
    assert (books.profile.conversion_date, books.profile.year_end_month) == (date(2024, 7, 1), 6)


def test_file_that_begins_within_a_year_brings_the_results_so_far(tmp_path: Path) -> None:
    criteria = (
        "<PeriodStart>3</PeriodStart><PeriodStartYear>2025</PeriodStartYear>"
        "<PeriodEnd>12</PeriodEnd><PeriodEndYear>2025</PeriodEndYear>"
    )
    chart = account("4000", opening="200", closing="210") + account("1920", opening="-200", closing="-210")
    entry = transaction("1", line("4000", "10"), line("1920", "-10"))
    books = load_text(tmp_path, saft(accounts=chart, entries=entry, criteria=criteria))
    assert books.profile.conversion_date == date(2025, 3, 1)
    assert (
        books.trial_balance(date(2025, 12, 31))
        == {4000: 21000, 1920: -21000}
        == {**books.expected.result, **books.expected.closing}
    )
    assert books.remarks == []


def test_missing_span_is_taken_from_the_vouchers_and_told(tmp_path: Path) -> None:
    entry = transaction("1", line("4000", "10"), line("1920", "-10"), on="2023-07-05", period="7", year="2023")
    books = load_text(tmp_path, saft(accounts=_CHART, entries=entry, criteria=""))
    assert books.profile.conversion_date == date(2023, 1, 1)
    assert any("does not say what span" in remark for remark in books.remarks)


def test_parties_keep_numbers_that_fit_their_series_and_others_get_the_next(tmp_path: Path) -> None:
    rows = "".join(party("Customer", key, account="1500") for key in ("500", "K-7", "10000", "10500"))
    books = _book(tmp_path, parties=f"<Customers>{rows}</Customers>")
    by_name = {contact.name: (contact.customer_no, contact.external_no) for contact in books.contacts.values()}
    assert by_name == {
        "Customer 500": (10001, 500),
        "Customer K-7": (10002, None),
        "Customer 10000": (10000, None),
        "Customer 10500": (10500, None),
    }


def test_each_control_account_has_a_series_of_its_own(tmp_path: Path) -> None:
    rows = "".join(
        party("Customer", key, account=no) for key, no in (("10001", "1500"), ("10002", "1500"), ("A", "1510"))
    )
    entry = transaction("1", line("1510", "10", _customer("10001")), line("1500", "-10", _customer("10001")))
    books = _book(tmp_path, entry, accounts=_CHART + account("1510"), parties=f"<Customers>{rows}</Customers>")
    assert Counter(series.account_no for series in books.series) == {1500: 1, 1510: 1}
    assert [series.is_default for series in books.series] == [True, False]
    spans = sorted((series.first, series.last) for series in books.series)
    assert spans[0][1] < spans[1][0]
    for entry_ in books.entries.values():
        posting = next(posting for posting in books.postings.values() if posting.entry is entry_)
        assert (
            books.control_account("customer", books.contacts[entry_.contact_id].customer_no or 0) == posting.account_no
        )


def test_party_that_only_vouchers_name_is_added_and_told(tmp_path: Path) -> None:
    books = _book(tmp_path, transaction("1", line("1500", "10", _customer("10077")), line("3000", "-10")))
    assert 10077 in {contact.customer_no for contact in books.contacts.values()}
    assert any("missing in the customer register" in remark for remark in books.remarks)


def test_file_without_registers_gets_no_series_and_no_entries(tmp_path: Path) -> None:
    books = _book(tmp_path, transaction("1", line("1500", "10", _customer("10001")), line("3000", "-10")), parties="")
    assert (books.series, books.entries, books.contacts) == ([], {}, {})
    assert any("make no subledger entry" in remark for remark in books.remarks)


def test_control_account_posted_without_a_party_is_told(tmp_path: Path) -> None:
    books = _book(tmp_path, transaction("1", line("1500", "10"), line("3000", "-10")))
    assert any(
        "Control accounts that differ" in remark and "1500: 10.00 against 0.00" in remark for remark in books.remarks
    )


def test_party_details_become_the_contacts(tmp_path: Path) -> None:
    extra = (
        "<Address><StreetName>Gata</StreetName><Number>4</Number><AdditionalAddressDetail>c/o X</AdditionalAddressDetail>"
        "<City>Oslo</City><PostalCode>0001</PostalCode><Country>NO</Country></Address><RegistrationNumber>999999999</RegistrationNumber>"
        "<PartyInfo><PaymentTerms><Days>20</Days></PaymentTerms><CurrencyCode>EUR</CurrencyCode><Type>Private</Type>"
        "<Status>Passive</Status></PartyInfo>"
    )
    books = _book(tmp_path, parties=f"<Customers>{party('Customer', '10001', account='1500', extra=extra)}</Customers>")
    (contact,) = books.contacts.values()
    assert (contact.address.line1, contact.address.line2, contact.address.zip_code) == ("Gata 4", "c/o X", "0001")
    assert (contact.payment_days, contact.currency, contact.is_person, contact.is_archived) == (20, "EUR", True, True)
    assert sorted(term.days or 0 for term in books.payment_terms.values()) == [14, 20]


def _codes(folder: Path, *details: str) -> Books:
    rows = "".join(f"<TaxCodeDetails>{one}</TaxCodeDetails>" for one in details)
    return _book(folder, tables=f"<TaxTable><TaxTableEntry>{rows}</TaxTableEntry></TaxTable>")


def test_vat_codes_are_standard_custom_or_compensation(tmp_path: Path) -> None:
    def code(own: str, standard: str, rate: str, base: str = "100", more: str = "") -> str:
        return (
            f"<TaxCode>{own}</TaxCode><Description>Kode {own}</Description><TaxPercentage>{rate}</TaxPercentage>"
            f"<StandardTaxCode>{standard}</StandardTaxCode>{more}<BaseRate>{base}</BaseRate>"
        )

    books = _codes(
        tmp_path,
        code("30", "3", "25.00"),
        code("10", "1", "25", base="50"),
        code("1K", "1", "25", more="<Compensation>true</Compensation>"),
        code("31", "31", "14"),
    )
    found = {key: (code.rate, code.base_code, code.basis_ratio) for key, code in books.vat_codes.items()}
    assert found == {
        "3": (2500, None, 10000),
        "1": (2500, None, 10000),
        "C10": (2500, "1", 5000),
        "K1": (2500, "1", 10000),
        "31": (1500, None, 10000),
        "C31": (1400, "31", 10000),
    }


def test_dimensions_take_their_places_and_what_has_none_is_told(tmp_path: Path) -> None:
    def value(kind: str, name: str, key: str, status: str = "Active") -> str:
        return (
            f"<AnalysisTypeTableEntry><AnalysisType>{kind}</AnalysisType><AnalysisTypeDescription>{name}</AnalysisTypeDescription>"
            f"<AnalysisID>{key}</AnalysisID><AnalysisIDDescription>Navn {key}</AnalysisIDDescription><Status>{status}</Status>"
            "</AnalysisTypeTableEntry>"
        )

    rows = value("AVD", "Avdeling", "1") + value("P", "Prosjekt", "2", "Closed") + value("L", "Lokasjon", "3")
    rows += "".join(value(kind, f"Type {kind}", "9") for kind in ("K1", "K2", "K3", "K4"))
    books = _book(tmp_path, tables=f"<AnalysisTypeTable>{rows}</AnalysisTypeTable>")
    assert [department.code for department in books.departments.values()] == ["1"]
    assert [(project.code, project.is_active) for project in books.projects.values()] == [("2", False)]
    assert [location.code for location in books.locations.values()] == ["3"]
    assert [value.ordinal for value in books.custom_dimensions.values()] == [1, 2, 3]
    assert books.profile.dimension_names == ("Type K1", "Type K2", "Type K3")
    assert any("Type K4 was left out" in remark for remark in books.remarks)


def test_line_is_split_by_dimension_and_the_last_part_takes_the_rounding(tmp_path: Path) -> None:
    tax = (
        "<TaxInformation><TaxCode>1</TaxCode><TaxPercentage>25</TaxPercentage>"
        "<DebitTaxAmount><Amount>25.00</Amount></DebitTaxAmount></TaxInformation>"
    )
    parts = analysis("A", "1", "33.33") + analysis("A", "2", "33.33") + analysis("P", "9")
    books = _book(tmp_path, transaction("1", line("4000", "100", parts + tax), line("1920", "-100")))
    split = [posting for posting in books.postings.values() if posting.account_no == 4000]
    codes = {number: department.code for number, department in books.departments.items()}
    assert [(codes.get(posting.tags.department_id or 0), posting.amount, posting.vat_amount) for posting in split] == [
        ("1", 3333, 833),
        ("2", 3333, 833),
        (None, 3334, 834),
    ]
    assert all(posting.tags.project_id for posting in split)


def test_line_split_by_two_types_is_refused(tmp_path: Path) -> None:
    parts = analysis("A", "1", "50") + analysis("A", "2", "50") + analysis("P", "1", "40") + analysis("P", "2", "60")
    with pytest.raises(BooksFileError, match=r"voucher 1 has a line that two types of dimension \(A, P\) both divide"):
        _book(tmp_path, transaction("1", line("4000", "100", parts), line("1920", "-100")))


def test_minus_signs_and_both_sides_add_up(tmp_path: Path) -> None:
    both = (
        "<Line><AccountID>1920</AccountID><DebitAmount><Amount>0.00</Amount></DebitAmount>"
        "<CreditAmount><Amount>70</Amount></CreditAmount></Line>"
    )
    negative = "<Line><AccountID>4000</AccountID><CreditAmount><Amount>-70.00</Amount></CreditAmount></Line>"
    assert _amounts(_book(tmp_path, transaction("1", both, negative))) == [(1920, -7000), (4000, 7000)]


def test_amounts_finer_than_ore_are_rounded_and_told(tmp_path: Path) -> None:
    books = _book(tmp_path, transaction("1", line("4000", "10.005"), line("1920", "-10.00")))
    assert _amounts(books) == [(4000, 1000), (1920, -1000)]
    assert "Amounts finer than øre were rounded (1: 10.005)." in list(books.remarks)


def test_foreign_amounts_keep_their_currency(tmp_path: Path) -> None:
    foreign = (
        "<Line><AccountID>1500</AccountID><CustomerID>10001</CustomerID><DebitAmount><Amount>115.00</Amount><CurrencyCode>EUR"
        "</CurrencyCode><CurrencyAmount>10.00</CurrencyAmount></DebitAmount></Line>"
    )
    books = _book(tmp_path, transaction("1", foreign, line("3000", "-115")))
    first, second = books.postings.values()
    assert (first.currency, first.currency_amount, second.currency, second.currency_amount) == (
        "EUR",
        1000,
        "NOK",
        -11500,
    )
    (entry,), (invoice,) = books.entries.values(), books.outgoing.values()
    assert (entry.currency, entry.currency_amount) == ("EUR", 1000)
    assert (invoice.total, invoice.total_nok, invoice.rate) == (1000, 11500, 11_500_000)


def test_one_voucher_in_several_periods_is_one_voucher_and_a_repeated_number_is_not(tmp_path: Path) -> None:
    def lines() -> tuple[str, str]:
        return line("4000", "10"), line("1920", "-10")

    books = _book(
        tmp_path,
        transaction("7", *lines(), on="2025-01-15", period="1"),
        transaction("7", *lines(), on="2025-01-15", period="2"),
        transaction("7", *lines(), on="2025-08-01", period="8"),
    )
    first, second = books.vouchers.values()
    assert [posting.date for posting in first.postings[::2]] == [date(2025, 1, 15), date(2025, 2, 28)]
    assert (first.no, second.no, first.imported_no, second.date) == (1, 2, 7, date(2025, 8, 1))
    assert len(books.postings) == 6


def test_open_items_match_by_reference_then_invoice_then_age(tmp_path: Path) -> None:
    def sale(number: str, amount: str, invoice: str, on: str) -> str:
        reference = f"<ReferenceNumber>{invoice}</ReferenceNumber>"
        return transaction(
            number,
            line("1500", amount, _customer("10001", reference)),
            line("3000", f"-{amount}"),
            on=on,
            period=on[5:7],
        )

    def pay(number: str, amount: str, extra: str, on: str) -> str:
        return transaction(
            number, line("1920", amount), line("1500", f"-{amount}", _customer("10001", extra)), on=on, period=on[5:7]
        )

    books = _book(
        tmp_path,
        sale("1", "100", "A", "2025-01-10"),
        sale("2", "100", "B", "2025-01-20"),
        sale("3", "100", "C", "2025-01-30"),
        pay("4", "60", "<CrossReference>3</CrossReference>", "2025-02-01"),
        pay("5", "100", "<ReferenceNumber>B</ReferenceNumber>", "2025-02-02"),
        pay("6", "30", "", "2025-02-03"),
    )
    left = {entry.invoice_no: entry.balance() for entry in books.entries.values() if entry.amount > 0}
    assert left == {"A": 7000, "B": 0, "C": 4000}
    assert all(entry.balance() == 0 for entry in books.entries.values() if entry.amount < 0)
    assert {
        entry.invoice_no: entry.balance(date(2025, 2, 1)) for entry in books.entries.values() if entry.amount > 0
    } == {
        "A": 10000,
        "B": 10000,
        "C": 4000,
    }
    assert all(entry.created <= entry.changed <= NOW for entry in books.entries.values())


def test_years_that_software_writes_for_nothing_are_nothing(tmp_path: Path) -> None:
    nothing = "<DueDate>0001-01-01</DueDate><SystemEntryTime>0001-01-01T00:00:00</SystemEntryTime>"
    books = _book(tmp_path, transaction("1", line("1500", "10", _customer("10001", nothing)), line("3000", "-10")))
    (entry,) = books.entries.values()
    assert (entry.due, entry.created) == (None, datetime(2025, 3, 9, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (transaction("1", line("4000", "1x")), "no number"),
        (transaction("1", "<Line><AccountID>4000</AccountID></Line>"), "neither DebitAmount nor CreditAmount"),
        (transaction("1", line("4000", "1"), on="2025-02-30"), "can't be read"),
        (transaction("1", line("", "1")), "AccountID is missing"),
        ("<Transaction>", "no well-formed XML"),
    ],
)
def test_damaged_voucher_is_named_by_line(tmp_path: Path, entry: str, said: str) -> None:
    with pytest.raises(BooksFileError, match=said) as caught:
        _book(tmp_path, transaction("0", line("4000", "1"), line("1920", "-1")), entry)
    assert caught.value.line is not None
    assert caught.value.line >= 9
    assert str(caught.value).startswith(f"books.dat, line {caught.value.line}: ")


@st.composite
def _company(draw: st.DrawFn) -> list[tuple[str, date, list[tuple[str, int, str | None]]]]:
    days = st.dates(date(2025, 1, 1), date(2025, 12, 31))
    amounts = st.integers(-(10**9), 10**9)
    rows = st.tuples(st.sampled_from(("3000", "4000", "1920")), amounts, st.none())
    owed = st.tuples(st.just("1500"), amounts, st.sampled_from(("10001", "10002")))
    vouchers = draw(st.lists(st.tuples(days, st.lists(rows | owed, min_size=1, max_size=5)), max_size=8))
    return [(str(number), day, lines) for number, (day, lines) in enumerate(vouchers, 1)]


def _ore(amount: int) -> str:
    return f"{Decimal(amount).scaleb(-2):f}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(company=_company())
def test_any_small_company_comes_back_from_its_file(
    tmp_path: Path, company: list[tuple[str, date, list[tuple[str, int, str | None]]]]
) -> None:
    entries = []
    for number, day, lines in company:
        rest = -sum(amount for _, amount, _ in lines)
        rows = [line(no, _ore(amount), _customer(key) if key else "") for no, amount, key in lines] + [
            line("1920", _ore(rest))
        ]
        entries.append(transaction(number, *rows, on=day.isoformat(), period=str(day.month)))
    parties = f"<Customers>{party('Customer', '10001', account='1500')}{party('Customer', '10002', account='1500')}</Customers>"
    books = _book(tmp_path, *entries, parties=parties)
    assert unbalanced(books) == []
    for voucher, (number, day, lines) in zip(books.vouchers.values(), company, strict=True):
        assert (voucher.imported_no, voucher.date) == (int(number), day)
        assert [(posting.account_no, posting.amount) for posting in voucher.postings[:-1]] == [
            (int(no), amount) for no, amount, _ in lines
        ]
    on = date(2025, 12, 31)
    owed = Counter[str]()
    for _, _, lines in company:
        owed.update({key: sum(amount for _, amount, of in lines if of == key) for key in ("10001", "10002")})
    balances = {
        str(books.contacts[key].customer_no): balance for key, balance in books.party_balances("customer", on).items()
    }
    assert {key: balance for key, balance in balances.items() if balance} == {
        key: sum_ for key, sum_ in owed.items() if sum_
    }
    assert sum(balances.values()) == books.trial_balance(on).get(1500, 0)
    for key in books.contacts:
        open_items = [entry.balance() for entry in books.entries.values() if entry.contact_id == key]
        assert sum(open_items) == books.party_balances("customer", on).get(key, 0)
        assert not (any(item > 0 for item in open_items) and any(item < 0 for item in open_items))


_BOTH_LINES = (line("1920", "100"), line("3000", "-100"))
_TWO_ACCOUNTS = account("1920") + account("3000")


def test_header_without_a_company_is_loaded_and_told(tmp_path: Path) -> None:
    text = saft(accounts=_TWO_ACCOUNTS, entries=transaction("1", *_BOTH_LINES))
    before, rest = text.split("<Company>")
    books = load_text(tmp_path, before + rest.split("</Company>")[1])
    assert [posting.amount for posting in books.postings.values()] == [10000, -10000]
    assert any("has no Company" in remark for remark in books.remarks)


@pytest.mark.parametrize(("encoding", "is_told"), [("latin-1", True), ("utf-8", False)])
def test_bytes_that_are_not_the_utf8_they_say_are_read_as_windows_and_told(
    tmp_path: Path, encoding: str, is_told: bool
) -> None:
    text = saft(accounts=_TWO_ACCOUNTS, entries=transaction("1", *_BOTH_LINES)).replace("Fixture AS", "Blåbærøl AS")
    books = load_text(tmp_path, text, encoding=encoding)
    assert books.profile.name == "Blåbærøl AS"
    assert any("says that it is UTF-8 and is not" in remark for remark in books.remarks) is is_told


@pytest.mark.parametrize(
    ("dropped", "on"),
    [
        ("<TransactionDate>2025-03-10</TransactionDate>", date(2025, 3, 10)),
        (
            "<TransactionDate>2025-03-10</TransactionDate>|<SystemEntryDate>2025-03-10</SystemEntryDate>",
            date(2025, 3, 31),
        ),
    ],
    ids=["day of entry", "last day of its period"],
)
def test_transaction_without_a_date_is_put_on_another_day_and_told(tmp_path: Path, dropped: str, on: date) -> None:
    text = saft(accounts=_TWO_ACCOUNTS, entries=transaction("1", *_BOTH_LINES))
    for element in dropped.split("|"):
        assert element in text
        text = text.replace(element, "")
    books = load_text(tmp_path, text)
    assert {posting.date for posting in books.postings.values()} == {on}
    assert any(f"without a date were put on another day that they tell (1: 1: {on})" in r for r in books.remarks)


def test_a_transaction_without_a_date_is_put_on_the_day_it_was_entered_or_the_end_of_its_period(tmp_path: Path) -> None:
    lines = (line("1920", "10"), line("3000", "-10"))
    first = transaction("1", *lines).replace("<TransactionDate>2025-03-10</TransactionDate>", "")
    second = transaction("2", *lines).replace("<TransactionDate>2025-03-10</TransactionDate>", "")
    second = second.replace("<SystemEntryDate>2025-03-10</SystemEntryDate>", "")
    books = _book(tmp_path, first, second)
    assert [voucher.date for voucher in books.vouchers.values() if voucher.no] == [date(2025, 3, 10), date(2025, 3, 31)]
    assert any("without a date" in remark and "(2: " in remark for remark in books.remarks)


def test_a_file_that_does_not_say_whose_books_it_holds_is_loaded_and_told(tmp_path: Path) -> None:
    text = saft(entries=transaction("1", line("1920", "10"), line("3000", "-10")))
    start, end = text.index("<Company>"), text.index("</Company>") + len("</Company>")
    books = load_text(tmp_path, text[:start] + text[end:])
    assert _amounts(books) == [(1920, 1000), (3000, -1000)]
    assert any("no Company" in remark for remark in books.remarks)


def test_letters_that_are_not_the_utf_8_they_are_called_are_read_and_told(tmp_path: Path) -> None:
    text = saft().replace("Fixture AS", "Blåbær & Fløte AS".replace("&", "&amp;"))
    books = load_text(tmp_path, text, encoding="latin-1")
    assert books.profile.name == "Blåbær & Fløte AS"
    assert any("is not; it was read as Windows-1252" in remark for remark in books.remarks)
    said = load_text(tmp_path, text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"'), encoding="latin-1")
    assert said.profile.name == "Blåbær & Fløte AS"
    assert not any("Windows" in remark for remark in said.remarks)
