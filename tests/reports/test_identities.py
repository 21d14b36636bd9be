"""What holds in all books whatever their figures: held against invented companies and real files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.reports.books import Synced
from tieout.ledger.fiscal_year import month_end
from tieout.warehouse.layouts import Layout, OwnLine, keep_layout


def months(synced: Synced) -> list[date]:
    return [month for (month,) in synced.all("select distinct month from core.postings order by 1")]


def test_trial_balance_is_the_sources_own_at_every_month_end(synced: Synced) -> None:
    for month in months(synced)[-4:]:
        told = synced.simulator.truth_trial_balance(synced.organisation_number, month_end(month))
        ours = synced.sums(
            "select account_no, closing from marts.trial_balance where month = ? and closing <> 0", month
        )
        assert ours == told, month
        at_date = "select account_no, closing from marts.trial_balance(?::date) where closing <> 0"
        assert synced.sums(at_date, month_end(month)) == told, month


def test_opening_and_movement_make_closing_and_the_next_opening(synced: Synced) -> None:
    assert not synced.all(
        "select * from marts.trial_balance where opening + movement <> closing or debit - credit <> movement"
    )
    assert not synced.all(
        "select * from marts.trial_balance a join marts.trial_balance b on b.account_no = a.account_no "
        "and b.month = (a.month + interval 1 month)::date where b.opening <> a.closing "
        "and (a.account_type not in ('income', 'expense') or b.fiscal_year = a.fiscal_year)"
    )


def test_assets_are_equity_and_debt(synced: Synced) -> None:
    """But for what an opening voucher of a real file lacks, which the month end tells."""
    apart = synced.sums(
        "select month, sum(balance) filter (line = 'total_assets') - sum(balance) filter (line = 'total_equity_and_debt') "
        "from marts.balance_sheet group by month"
    )
    opening = synced.one("select coalesce(sum(amount), 0) from core.postings where voucher_no = 0")
    unbalanced = synced.one("select coalesce(sum(difference), 0) from core.vouchers where voucher_no <> 0")
    assert set(apart.values()) == {opening}
    assert unbalanced == 0
    assert synced.sums("select month, balance_difference from marts.month_end") == apart


def test_subtotals_are_sums_of_their_lines(synced: Synced) -> None:
    for statement, amount in (("income_statement", "year_to_date"), ("balance_sheet", "balance")):
        lines = synced.sums(
            f"select l.position, sum({amount} * l.sign) from marts.{statement} s join core.statement_lines l "
            f"on l.statement = '{statement}' and l.line = s.line group by 1"
        )
        below = synced.all("select position, sums_from from core.statement_lines where statement = ?", statement)
        plain = {position for position, sums_from in below if sums_from is None}
        for position, sums_from in below:
            if sums_from is not None:
                assert lines[position] == sum(lines[p] for p in plain if sums_from <= p < position), (
                    statement,
                    position,
                )


def test_statements_hold_every_account_once(synced: Synced) -> None:
    """Both statements by account add up to the ledger, and to the statements by line."""
    ledger = synced.sums("select month, sum(movement) from core.monthly_closings where is_result_account group by 1")
    assert synced.sums("select month, sum(ledger_amount) from marts.income_statement_by_account group by 1") == ledger
    assert not synced.all("select company_id, account_no from core.accounts group by all having count(*) > 1")
    for statement, amount in (("income_statement", "amount"), ("balance_sheet", "balance")):
        by_line = f"select line || month, {amount} from marts.{statement} where not is_subtotal and {amount} <> 0"
        summed = f"select line || month as key, sum({amount}) as total from marts.{statement}_by_account group by all"
        by_account = f"select key, total from ({summed}) where total <> 0"
        assert synced.sums(by_line) == synced.sums(by_account)


def test_income_statement_is_the_change_of_equity(synced: Synced) -> None:
    """What was posted on equity itself put aside."""
    found = synced.all(
        """
        select b.month, b.balance - b.opening_of_year, i.year_to_date, coalesce(e.posted, 0)
        from marts.balance_sheet b
        join marts.income_statement i on i.month = b.month and i.line = 'not_appropriated'
        left join (
            select month, -sum(this_year) as posted from core.monthly_closings where account_type = 'equity' group by 1
        ) e on e.month = b.month
        where b.line = 'total_equity'
        """
    )
    first_year = synced.one("select min(fiscal_year) from core.postings")
    years = synced.sums("select month, fiscal_year from core.periods")
    assert found
    for month, change, result, posted in found:
        if years[month] > first_year:  # the opening voucher brings the first year's
            assert change == result + posted, month


@pytest.mark.parametrize(("ledger", "mart", "sign"), [("receivable", "receivables", 1), ("payable", "payables", -1)])
def test_ageing_is_the_control_account_at_any_date(synced: Synced, ledger: str, mart: str, sign: int) -> None:
    controls = [no for (no,) in synced.all("select account_no from core.control_accounts where ledger = ?", ledger)]
    for day in [month_end(month) for month in months(synced)[-5:]] + [date(2026, 2, 11)]:
        on_account = synced.one(
            "select coalesce(sum(amount), 0) from core.postings where posting_date <= ? "
            "and list_contains(?::bigint[], account_no)",
            day,
            controls,
        )
        aged = synced.one(f"select coalesce(sum(total), 0) from marts.{mart}_by_age(?::date)", day)
        assert aged == on_account * sign, day
        assert not synced.all(
            f"select 1 from marts.{mart}_by_age(?::date) where total <> not_due + overdue_1_to_30 + overdue_31_to_60 "
            "+ overdue_61_to_90 + overdue_more_than_90",
            day,
        )


def test_an_entry_is_never_open_by_more_than_itself(synced: Synced) -> None:
    for month in months(synced)[-4:]:
        assert not synced.all(
            "select * from core.open_items(?::date) where abs(open_amount) > abs(amount) or sign(open_amount) <> sign(amount)",
            month_end(month),
        )


def test_vat_by_code_is_what_the_vat_accounts_moved(synced: Synced, is_invented: bool) -> None:
    if not is_invented:
        pytest.skip("a real file's postings need not carry their VAT codes")
    terms = synced.all("select vat_term, vat_payable, moved_on_accounts, difference from marts.vat_by_term")
    assert len(terms) >= 3
    assert {difference for *_, difference in terms} == {0}
    assert any(payable for _, payable, *_ in terms)


@pytest.mark.parametrize("by", ["customer", "product", "project", "department"])
def test_margins_add_up_to_the_income_statement(synced: Synced, by: str) -> None:
    lines = "('total_operating_income', 'cost_of_goods')"
    statement = synced.sums(
        f"select line || month, amount from marts.income_statement where line in {lines} and amount <> 0"
    )
    margins = synced.sums(
        f"select 'total_operating_income' || month, sum(revenue) from marts.revenue_by_{by} group by all "
        "having sum(revenue) <> 0 union all "
        f"select 'cost_of_goods' || month, sum(cost_of_goods) from marts.revenue_by_{by} group by all "
        "having sum(cost_of_goods) <> 0"
    )
    assert margins == statement


def test_projects_add_up_to_their_postings(synced: Synced) -> None:
    on_projects = synced.one(
        "select coalesce(-sum(amount), 0) from core.postings p join core.accounts a using (company_id, account_no) "
        "where p.project_id is not null and a.is_result_account and a.line <> 'appropriations'"
    )
    assert synced.one("select coalesce(sum(result), 0) from marts.project_profitability") == on_projects


def test_month_end_says_what_statements_and_subledgers_say(synced: Synced) -> None:
    for column, line in (
        ("revenue", "total_operating_income"),
        ("operating_result", None),
        ("result", "annual_result"),
    ):
        of_statement = synced.sums(
            "select month, amount from marts.income_statement where line = ?", line or "operating_result"
        )
        assert synced.sums(f"select month, {column} from marts.month_end") == of_statement
    assert not synced.all("select month from marts.month_end where subledger_difference <> 0")


def test_every_posting_is_in_the_general_ledger_once_and_leads_to_its_raw_row(synced: Synced) -> None:
    raw = synced.one("select (count(*), sum(amount), count(distinct id)) from raw_poweroffice.account_transactions")
    ledger = "select (count(*), sum(l.amount), count(distinct l.posting_id)) from marts.general_ledger l "
    assert synced.one(ledger) == raw
    assert synced.one(ledger + "join raw_poweroffice.account_transactions r on r.id = l.posting_id") == raw


def test_every_month_and_day_of_the_books_is_there_once(synced: Synced) -> None:
    assert not synced.all("select month from core.periods group by company_id, month having count(*) > 1")
    assert not synced.all("select posting_date from core.postings anti join core.dates on date = posting_date")
    assert not synced.all(
        "select p.posting_id from core.postings p join core.periods m on m.month = p.month "
        "where m.fiscal_year <> p.fiscal_year or m.period <> p.period"
    )


def test_group_of_one_company_is_that_company(synced: Synced) -> None:
    for statement, amount in (("income_statement", "amount"), ("balance_sheet", "balance")):
        of_group = synced.sums(f"select line || month, {amount} from marts.group_{statement} where internal = 0")
        assert of_group == synced.sums(f"select line || month, {amount} from marts.{statement}")


def test_an_account_statement_ends_in_the_trial_balance(synced: Synced) -> None:
    month = months(synced)[-1]
    for account_no, closing in synced.all(
        "select account_no, closing from marts.trial_balance where month = ? and postings > 0 limit 3", month
    ):
        rows = synced.all(
            "select balance from marts.account_statement('a', ?, ?::date, ?::date)", account_no, month, month_end(month)
        )
        assert rows[-1][0] == closing


def test_own_layouts_hold_every_account_once_and_add_up_to_the_books(synced: Synced) -> None:
    """Lines of an own layout and what they leave unmapped are the statements of the Act, whichever accounts it takes."""
    lines = (
        OwnLine(statement="income_statement", position=10, name="Sold", sign=-1, ranges=((3000, 3999),)),
        OwnLine(statement="balance_sheet", position=10, name="Owned", sign=1, ranges=((1000, 1899),)),
    )
    keep_layout(synced.warehouse, Layout(id="own", name="Own", changed_at=datetime.now(UTC), lines=lines))
    assert not synced.all(
        "select 1 from core.account_lines group by company_id, layout_id, statement, account_no having count(*) > 1"
    )
    by_layout = "select statement || month, sum(ledger_amount) from marts.report_lines_by_account where layout_id = ? group by 1"
    assert synced.sums(by_layout, "own") == synced.sums(by_layout, "norwegian")
    lines_of = "select line || month, amount from marts.report_lines where layout_id = 'norwegian'"
    of_the_act = (
        "select line || month, amount from marts.income_statement "
        "union all select line || month, balance from marts.balance_sheet"
    )
    assert synced.sums(lines_of) == synced.sums(of_the_act)
