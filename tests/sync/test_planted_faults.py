"""One fault of each kind, planted into stored rows: found, named to the øre, mended, and told in the history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.planted_faults import TABLE, Planting, plant, planting
from tieout.warehouse.base import CheckOutcome, Verdict
from tieout.warehouse.incidents import IncidentState, Shape

# One for each way of looking; `python -m tests.planted_faults` plants all kinds.
KINDS = ("lost_voucher", "doubled_row", "changed_amount", "shifted_date", "lost_opening")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planting]:
    with planting(tmp_path_factory.mktemp("planted"), seed=3) as synced:
        yield synced


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_fault_is_found_named_to_the_ore_and_mended(at: Planting, kind: str) -> None:
    told = plant(at, kind)
    assert (told.found, told.localised, told.to_the_voucher, told.exact, told.healed) == (True,) * 5, told


def test_what_was_mended_stays_in_the_history(at: Planting) -> None:
    plant(at, "lost_voucher")
    newest = at.store.incidents(limit=1)[0]
    assert newest.state is IncidentState.MENDED
    assert newest.proved_at is not None
    assert all(finding.is_mended for finding in newest.findings)
    status = at.store.data_status()
    assert status is not None
    assert (status.verdict, status.reason) == ("proved", None)


def test_a_number_that_two_vouchers_share_is_told_and_mended_though_every_sum_agrees(at: Planting) -> None:
    """Half of a voucher under another id adds up as before."""
    (voucher,), *_ = at.ask(
        f"select voucher_no from {TABLE} where voucher_no > 0 group by 1 having count(*) = 2 order by 1"
    )
    before = at.ask(f"select * exclude (_sync_id) from {TABLE} order by all")
    at.write(
        f"update {TABLE} set voucher_id = '00000000-0000-4000-8000-000000000000' "
        f"where id = (select min(id) from {TABLE} where voucher_no = {voucher})"
    )
    tied = at.tie_out()
    assert [(d.check, d.voucher_no, d.stored) for d in tied.differences] == [("numbers", voucher, 2)]
    assert at.sync().verdict is Verdict.PROVED
    assert at.ask(f"select * exclude (_sync_id) from {TABLE} order by all") == before


ENTRIES, INVOICES = "raw_poweroffice.customer_ledger_entries", "raw_poweroffice.outgoing_invoices"
OPEN = (
    f"select voucher_id, voucher_no from {ENTRIES} where balance <> 0 and voucher_type = 'OutgoingInvoice' order by 2"
)


def test_an_open_item_whose_invoice_is_lost_is_named_and_mended_and_those_of_journals_are_no_alarm(
    at: Planting,
) -> None:
    (voucher, number), *_ = at.ask(OPEN)
    at.write(f"delete from {INVOICES} where id = '{voucher}'")
    tied = at.sync()
    assert tied.incident is not None
    told = [(f.shape, f.voucher_no, f.is_mended) for f in tied.incident.findings if f.check == "origins"]
    assert told == [(Shape.ROWS_MISSING, number, True)]
    assert at.ask(f"select voucher_no from {INVOICES} where id = '{voucher}'") == [(number,)]
    (check,) = [check for check in tied.checks if check.check == "origins"]
    assert (check.outcome, check.reason) == (CheckOutcome.AGREES, "from_journals")


def test_a_department_that_differs_is_told_and_leaves_the_verdict(at: Planting) -> None:
    row, account, code, amount = at.ask(
        f"select id, account_no, department_code, amount from {TABLE} where department_code is not null and amount <> 0 "
        "order by id desc"
    )[0]
    at.write(f"update {TABLE} set department_code = 'moved' where id = {row}")
    tied = at.tie_out()
    at.write(f"update {TABLE} set department_code = '{code}' where id = {row}")
    apart = {d.dimension: (d.account_no, d.difference) for d in tied.differences}
    assert apart == {code: (account, -amount), "moved": (account, amount)}
    differs = [(check.check, check.reason) for check in tied.checks if check.outcome is CheckOutcome.DIFFERS]
    assert differs == [("per_department", "renamed")]
    assert (tied.verdict, tied.incident) == (Verdict.PROVED, None)


OF_MANY_MONTHS = (
    f"select voucher_no from {TABLE} where voucher_no > 0 "
    "group by 1 having count(distinct month(posting_date)) > 5 order by 1"
)


def test_a_voucher_of_many_months_that_slid_a_month_on_is_told_and_mended_as_a_whole(at: Planting) -> None:
    """Only its first month and the one after its last differ: each month between has as much as it should."""
    (voucher,), *_ = at.ask(OF_MANY_MONTHS)
    rows = at.ask(f"select id, posting_date, amount from {TABLE} order by id")
    at.write(f"update {TABLE} set posting_date = posting_date + interval 1 month where voucher_no = {voucher}")
    tied = at.sync()
    assert (tied.verdict, at.ask(f"select id, posting_date, amount from {TABLE} order by id")) == (Verdict.PROVED, rows)
    assert tied.incident is not None
    told = {(finding.shape, finding.voucher_no) for finding in tied.incident.findings}
    assert (told, tied.incident.state) == ({(Shape.SHIFTED_DATE, voucher)}, IncidentState.MENDED)


def test_a_month_that_such_a_voucher_has_lost_is_told_and_mended(at: Planting) -> None:
    (voucher,), *_ = at.ask(OF_MANY_MONTHS)
    ((last,),) = at.ask(f"select max(posting_date) from {TABLE} where voucher_no = {voucher}")
    lost = f"from {TABLE} where voucher_no = {voucher} and posting_date = '{last}'"
    amounts = at.ask(f"select account_no, amount {lost}")
    at.write(f"delete {lost}")
    tied = at.sync()
    assert tied.incident is not None
    told = [(f.account_no, f.difference) for f in tied.incident.findings if f.voucher_no == voucher]
    assert (tied.verdict, sorted(told)) == (Verdict.PROVED, sorted((account, -amount) for account, amount in amounts))
