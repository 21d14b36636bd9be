"""What must hold in every invented company, at every moment."""

from collections import Counter, defaultdict
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.no import orgnr

from tests.simulator.books.conftest import NOW
from tests.simulator.books.snapshot import snapshot
from tieout.simulator.books.chart import VAT_ACCOUNTS
from tieout.simulator.books.invent import invent, invent_companies
from tieout.simulator.books.invented.business import PLUMBER, TINY
from tieout.simulator.books.invented.sizes import SIZES
from tieout.simulator.books.model import Books, Record

DAYS = 12


@pytest.fixture(scope="module")
def played_at_once() -> dict[str, object]:
    company = invent(TINY, seed=3, now=NOW)
    company.advance(NOW + timedelta(days=DAYS))
    return snapshot(company.books)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=DAYS)), max_size=6))
def test_books_are_the_same_in_however_many_steps_time_passes(
    played_at_once: dict[str, object], steps: list[timedelta]
) -> None:
    company = invent(TINY, seed=3, now=NOW)
    for step in [*sorted(steps), timedelta(days=DAYS)]:
        company.advance(NOW + step)
    assert snapshot(company.books) == played_at_once


def test_history_is_the_same_when_it_is_played_later(played_at_once: dict[str, object]) -> None:
    """Within a month the start of history does not move, so inventing later is the same as advancing."""
    assert snapshot(invent(TINY, seed=3, now=NOW + timedelta(days=DAYS)).books) == played_at_once


def test_books_that_slept_differ_in_nothing_but_stamps() -> None:
    slept, lived = (invent(TINY, seed=3, now=NOW) for _ in range(2))
    end = NOW + timedelta(days=40)
    slept.advance(end, awake=end - timedelta(hours=1))
    lived.advance(end)
    assert slept.books.trial_balance(end.date()) == lived.books.trial_balance(end.date())
    assert [(v.no, v.type, v.date) for v in slept.books.vouchers.values()] == [
        (v.no, v.type, v.date) for v in lived.books.vouchers.values()
    ]
    assert all(record.changed <= NOW or record.changed >= end - timedelta(hours=1) for record in _records(slept.books))


def test_demo_company_is_the_same_in_two_steps_or_one() -> None:
    first, second = (invent(PLUMBER, seed=5, now=NOW) for _ in range(2))
    end = NOW + timedelta(days=25)
    first.advance(NOW + timedelta(days=8, hours=3))
    first.advance(end)
    second.advance(end)
    assert snapshot(first.books) == snapshot(second.books)


def test_other_seed_makes_another_company() -> None:
    first, second = (invent_companies(size="tiny", seed=seed, now=NOW)[0].books for seed in (1, 2))
    assert first.profile.organisation_number != second.profile.organisation_number
    assert first.trial_balance(NOW.date()) != second.trial_balance(NOW.date())


def test_unknown_size_and_naive_time_are_refused() -> None:
    with pytest.raises(KeyError):
        invent_companies(size="huge", seed=1, now=NOW)
    with pytest.raises(ValueError, match="no time zone"):
        invent_companies(size="tiny", seed=1, now=datetime(2026, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "now",
    [
        datetime(2024, 2, 29, 23, 59, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2030, 7, 31, 12, tzinfo=UTC),
    ],
)
def test_any_day_can_be_now(now: datetime) -> None:
    for company in [*invent_companies(size="tiny", seed=1, now=now), *invent_companies(size="demo", seed=1, now=now)]:
        company.advance(now + timedelta(days=40))
        assert len(company.books.vouchers) > 100


def test_sizes_are_as_promised(tiny_books: Books, demo_books: list[Books], realistic_books: Books) -> None:
    assert 300 < len(tiny_books.postings) < 1_200
    assert 9_000 < sum(len(books.postings) for books in demo_books) < 18_000
    assert 90_000 < len(realistic_books.postings) < 115_000
    assert len([contact for contact in realistic_books.contacts.values() if contact.employee_no]) == 45


def test_every_voucher_sums_to_zero_on_each_posting_date(all_books: list[Books]) -> None:
    for books in all_books:
        sums: Counter[tuple[int, date]] = Counter()
        for posting in books.postings.values():
            sums[posting.voucher.no, posting.date] += posting.amount
        assert not any(sums.values())


def test_voucher_numbers_have_no_gaps_and_only_the_opening_voucher_is_zero(all_books: list[Books]) -> None:
    for books in all_books:
        assert sorted(voucher.no for voucher in books.vouchers.values()) == list(range(len(books.vouchers)))
        opening = next(voucher for voucher in books.vouchers.values() if voucher.no == 0)
        assert opening.type == "YearEndJournal"
        assert opening.date == books.profile.conversion_date - timedelta(days=1)
        assert {posting.date for posting in opening.postings} == {opening.date}
        assert (
            min(posting.date for posting in books.postings.values() if posting.voucher.no)
            >= books.profile.conversion_date
        )


def test_postings_are_those_of_the_vouchers_in_ascending_order(all_books: list[Books]) -> None:
    for books in all_books:
        assert list(books.postings) == sorted(books.postings)
        assert {posting.id for voucher in books.vouchers.values() for posting in voucher.postings} == set(
            books.postings
        )
        assert all(posting.id == number for number, posting in books.postings.items())


@pytest.mark.parametrize("kind", ["customer", "supplier"])
def test_subledgers_sum_to_their_control_accounts(all_books: list[Books], kind: str) -> None:
    for books in all_books:
        control = {series.account_no for series in books.series if series.kind.lower() == kind}
        for day in (
            books.profile.conversion_date - timedelta(days=1),
            NOW.date() - timedelta(days=40),
            NOW.date(),
            date(2040, 1, 1),
        ):
            ledger = sum(amount for no, amount in books.trial_balance(day).items() if no in control)
            assert sum(books.party_balances(kind, day).values()) == ledger
            assert (
                sum(entry.balance(day) for entry in books.entries.values() if entry.kind == kind and entry.date <= day)
                == ledger
            )


def test_control_accounts_are_posted_to_through_parties_only(all_books: list[Books]) -> None:
    for books in all_books:
        control = {series.account_no: series.kind.lower() for series in books.series}
        for posting in books.postings.values():
            assert posting.role == control.get(posting.account_no)
            if posting.role in ("customer", "supplier"):
                assert posting.entry is not None
                assert (posting.entry.amount, posting.entry.date) == (posting.amount, posting.date)
                assert (posting.entry.contact_id, posting.entry.kind) == (posting.contact_id, posting.role)


def test_matches_take_as_much_from_one_side_as_from_the_other(all_books: list[Books]) -> None:
    for books in all_books:
        taken: defaultdict[int, int] = defaultdict(int)
        for entry in books.entries.values():
            assert abs(entry.balance()) <= abs(entry.amount)
            assert entry.balance() * entry.amount >= 0
            assert (entry.match_id is not None) == bool(entry.settlements)
            for day, amount, match_id in entry.settlements:
                assert match_id == entry.match_id
                assert day >= entry.date
                taken[match_id] += amount
        assert not any(taken.values())
        assert {entry.id for entries in books.matches.values() for entry in entries} == {
            entry.id for entry in books.entries.values() if entry.match_id
        }


def test_opening_plus_movement_is_closing_and_result_accounts_restart(all_books: list[Books]) -> None:
    for books in all_books:
        end = NOW.date()
        start = books.fiscal_year_start(end)
        opening, closing = books.trial_balance(start - timedelta(days=1)), books.trial_balance(end)
        movement: Counter[int] = Counter()
        for posting in books.postings.values():
            if start <= posting.date <= end:
                movement[posting.account_no] += posting.amount
        for no in books.accounts:
            brought = 0 if books.is_result(no) else opening.get(no, 0)
            assert brought + movement[no] == closing.get(no, 0)


def test_history_crosses_a_year_end(all_books: list[Books]) -> None:
    for books in all_books:
        assert books.fiscal_year_start(books.profile.conversion_date) < books.fiscal_year_start(NOW.date())


def test_closed_year_leaves_no_result_behind(realistic_books: Books) -> None:
    balance = realistic_books.trial_balance(date(2024, 12, 31))
    assert balance[8960]
    assert sum(amount for no, amount in balance.items() if realistic_books.is_result(no)) == 0


def test_nothing_carries_a_stamp_of_the_future(all_books: list[Books]) -> None:
    for books in all_books:
        assert books.now == NOW
        for record in _records(books):
            assert record.created <= record.changed <= books.now


def test_everything_that_is_referred_to_exists(all_books: list[Books]) -> None:
    """Deleted records were never used."""
    for books in all_books:
        for posting in books.postings.values():
            tags = posting.tags
            assert posting.account_no in books.accounts
            assert posting.contact_id is None or posting.contact_id in books.contacts
            assert posting.vat_code is None or posting.vat_code in books.vat_codes
            assert tags.department_id is None or tags.department_id in books.departments
            assert tags.project_id is None or tags.project_id in books.projects
            assert tags.product_id is None or tags.product_id in books.products
            assert tags.location_id is None or tags.location_id in books.locations
            assert {tags.dim1_id, tags.dim2_id, tags.dim3_id} - {None} <= set(books.custom_dimensions)
        for project in books.projects.values():
            assert project.parent_id is None or project.parent_id in books.projects
            assert project.customer_id is None or project.customer_id in books.contacts
        assert all(order.customer_id in books.contacts for order in books.orders.values())


def test_invoices_agree_with_their_vouchers(all_books: list[Books]) -> None:
    for books in all_books:
        for voucher_id, invoice in (*books.outgoing.items(), *books.incoming.items()):
            assert books.vouchers[voucher_id] is invoice.voucher
            assert invoice.entry is not None
            assert (invoice.total_nok, invoice.total) == (invoice.entry.amount, invoice.entry.currency_amount)
            assert (
                invoice.is_credit_note == (invoice.total_nok * (1 if invoice.kind == "outgoing" else -1) < 0)
                or not invoice.total_nok
            )
            if invoice.lines:
                assert sum(line.net for line in invoice.lines) == invoice.net
                assert sum(line.net + line.vat for line in invoice.lines) == invoice.total


def test_order_becomes_an_invoice_with_its_id_and_new_line_ids(tiny_books: Books) -> None:
    company = invent_companies(size="tiny", seed=7, now=NOW)[0]
    orders = dict(company.books.orders)
    assert orders
    company.advance(NOW + timedelta(days=14))
    assert not orders.keys() & company.books.orders.keys()
    invoiced = orders.keys() & company.books.outgoing.keys()
    assert invoiced
    for number in invoiced:
        old = {line.id for _, line in orders[number].lines}
        assert not old & {line.id for line in company.books.outgoing[number].lines}
        assert company.books.outgoing[number].created == orders[number].created


def test_accrued_sale_is_earned_month_by_month_in_its_own_voucher(realistic_books: Books) -> None:
    checked = 0
    for invoice in realistic_books.outgoing.values():
        accrued = [line for line in invoice.lines if line.is_accrued]
        if len(accrued) == 1 and not invoice.is_credit_note:
            deferred = [posting for posting in invoice.voucher.postings if posting.account_no == 2900]
            assert len(deferred) == accrued[0].quantity // 100
            assert len({posting.date for posting in deferred}) == len(deferred)
            assert sum(posting.amount for posting in deferred) == 0
            checked += 1
    assert checked


def test_gain_and_loss_on_currency_are_posted_when_it_is_paid(realistic_books: Books) -> None:
    for no in (8060, 8160):
        kinds = {posting.voucher.type for posting in realistic_books.postings.values() if posting.account_no == no}
        assert kinds & {"IncomingBankRemittance", "BankJournal"}
    foreign = [invoice for invoice in realistic_books.incoming.values() if invoice.currency != "NOK"]
    assert all(
        invoice.rate and abs(invoice.net * invoice.rate / 1_000_000 - invoice.net_nok) <= 1 for invoice in foreign
    )
    for invoice in foreign:
        on_the_day = realistic_books.rates[invoice.currency, invoice.created.date()]
        assert invoice.rate == on_the_day


def test_rates_are_there_for_every_day_of_history(tiny_books: Books) -> None:
    day = tiny_books.profile.conversion_date
    while day <= NOW.date():
        assert all((currency, day) in tiny_books.rates for currency in ("EUR", "SEK", "USD"))
        day += timedelta(days=1)


def test_organisation_numbers_are_valid_and_synthetic(all_books: list[Books]) -> None:
    for books in all_books:
        found = [contact.organisation_number for contact in books.contacts.values() if contact.organisation_number]
        for number in (*found, books.profile.organisation_number):
            assert orgnr.is_valid(number)
            assert number.startswith("3")


def test_vat_return_empties_the_accounts_and_locks_the_term(realistic_books: Books) -> None:
    returns = [voucher for voucher in realistic_books.vouchers.values() if voucher.type == "VatReturns"]
    assert len(returns) >= 7
    day = returns[-1].date
    assert f"{day}: mva-melding levert" in [
        what for _, kind, what in realistic_books.planted if kind == "lock date moved"
    ]
    left = Counter[int]()
    for posting in realistic_books.postings.values():
        if posting.account_no in VAT_ACCOUNTS and posting.date <= day and posting.voucher.no <= returns[-1].no:
            left[posting.account_no] += posting.amount
    assert not any(left.values())


def test_odd_but_legal_things_are_there(realistic_books: Books) -> None:
    books = realistic_books
    lines = Counter(posting.voucher.no for posting in books.postings.values())
    assert max(lines.values()) == 809
    texts = [posting.description or "" for posting in books.postings.values()]
    assert any(len(text) == 255 and '"' in text and "\n" in text for text in texts)
    assert any(posting.amount == 0 for posting in books.postings.values())
    assert any(posting.date > NOW.date() for posting in books.postings.values())
    assert any(posting.currency == "SEK" for posting in books.postings.values())
    assert any((NOW.date() - entry.due).days > 19 * 365 for entry in books.entries.values() if entry.due)
    assert any(invoice.sent is None and not invoice.lines for invoice in books.outgoing.values())
    assert any(contact.customer_no and contact.supplier_no for contact in books.contacts.values())
    assert any(" " in location.code and "Ø" in location.code for location in books.locations.values())
    assert any(dimension.code.startswith("0") for dimension in books.departments.values())
    assert any(code.valid_to for code in books.vat_codes.values())
    assert any(project.parent_id and project.customer_id is None for project in books.projects.values())


def test_water_is_taxed_at_fifteen_per_cent_since_july_2025(realistic_books: Books) -> None:
    codes: defaultdict[bool, set[str | None]] = defaultdict(set)
    for posting in realistic_books.postings.values():
        if posting.account_no == 6320 and posting.voucher.type == "IncomingInvoice":
            codes[posting.voucher.date >= date(2025, 9, 1)].add(posting.vat_code)
    assert codes == {False: {"1", "11"}, True: {"11"}}


def test_every_kind_of_voucher_that_is_simulated_occurs(realistic_books: Books) -> None:
    found = {voucher.type for voucher in realistic_books.vouchers.values()}
    assert found >= {
        "IncomingInvoice", "IncomingCreditNote", "OutgoingInvoice", "OutgoingCreditNote", "IncomingBankRemittance",
        "IncomingOcrGiro", "ManualJournal", "Expense", "TravelExpense", "CashJournal", "YearEndJournal", "BankJournal",
        "VatReturns", "PayrollJournal", "OutgoingPaymentReminder", "OutgoingNoticeOfDebtCollection", "CorrectionVoucher",
        "ReversalVoucher", "DepreciationJournal", "SystemGeneratedDocumentationVoucher",
    }  # fmt: skip


def test_every_register_has_records_even_in_the_smallest_company(tiny_books: Books) -> None:
    registers = [field.name for field in fields(Books) if isinstance(getattr(tiny_books, field.name), dict)]
    assert [name for name in registers if not getattr(tiny_books, name)] == []


def _records(books: Books) -> list[Record]:
    shelves = [getattr(books, field.name) for field in fields(books)]
    return [
        record
        for shelf in shelves
        if isinstance(shelf, dict)
        for record in shelf.values()
        if isinstance(record, Record)
    ]


def test_clients_of_a_firm_are_of_every_trade_and_each_its_own() -> None:
    clients = SIZES["firm"]
    assert len(clients) == len({client.key for client in clients}) == len({client.name for client in clients}) == 40
    assert {client.key.split()[0] for client in clients} == {trade.key for trade in SIZES["trades"]}
    books = invent(clients[11], seed=1, now=NOW).books
    assert not books.profile.conversion_date > NOW.date() - timedelta(days=700)
