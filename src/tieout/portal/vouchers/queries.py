"""One voucher with all that belongs to it, and the list of them. Amounts are the ledger's: debit positive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tieout.portal.vouchers.reading import Ask, Row

A_PAGE = 50

HEADS = """
select voucher_id::varchar as voucher_id, voucher_no, voucher_type, voucher_date, min(posting_date) as first_date,
       max(posting_date) as last_date, count(*) as postings, sum(debit) as total, sum(amount) as difference,
       bool_or(is_reversed) as is_reversed, min(created_at) as created_at, max(changed_at) as changed_at,
       arg_min(description, posting_id) as description, max(coalesce(customer_no, supplier_no)) as party_no
from core.postings
where company_id = ? and {condition}
group by all
"""

LINES = """
select p.*, a.account_name, v.vat_code_name, c.customer_name, s.supplier_name, e.employee_name, d.department_name,
       j.project_name, r.product_name, l.location_name
from core.postings as p
left join core.accounts as a on a.company_id = p.company_id and a.account_no = p.account_no
left join core.vat_codes as v on v.company_id = p.company_id and v.vat_code = p.vat_code
left join core.customers as c on c.company_id = p.company_id and c.customer_no = p.customer_no
left join core.suppliers as s on s.company_id = p.company_id and s.supplier_no = p.supplier_no
left join core.employees as e on e.company_id = p.company_id and e.employee_no = p.employee_no
left join core.departments as d on d.company_id = p.company_id and d.department_id = p.department_id
left join core.projects as j on j.company_id = p.company_id and j.project_id = p.project_id
left join core.products as r on r.company_id = p.company_id and r.product_id = p.product_id
left join core.locations as l on l.company_id = p.company_id and l.location_id = p.location_id
where p.company_id = ? and p.voucher_id::varchar = ?
order by p.posting_date, p.posting_id
"""

OWN_DIMENSIONS = "select * from core.dimensions where company_id = ? and dimension_value_id in (select unnest(?))"

# Entries that this voucher made, each with those that it is matched with. A match lies within one subledger.
ENTRIES = """
with entries as (
    select 'receivable' as ledger, customer_no as party_no, customer_name as party_name, * exclude (customer_no, customer_name)
    from core.receivable_entries where company_id = $company
    union all by name
    select 'payable' as ledger, supplier_no as party_no, supplier_name as party_name, * exclude (supplier_no, supplier_name)
    from core.payable_entries where company_id = $company
),
mine as (select * from entries where voucher_id::varchar = $voucher)
select m.*, null as of_entry from mine as m
union all by name
select e.*, m.entry_id as of_entry
from mine as m
join entries as e on e.ledger = m.ledger and e.match_id = m.match_id and e.entry_id <> m.entry_id
    and e.voucher_id::varchar <> $voucher
order by of_entry nulls first, posting_date, entry_id
"""

INVOICE = "select * from core.invoices where company_id = ? and invoice_id::varchar = ?"
INVOICE_LINES = """
select * from core.invoice_lines where company_id = ? and invoice_id::varchar = ? and direction = 'outgoing' order by line_no
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """`head` is a row of HEADS; `entries` each carry `matched`, the entries that they settle or that settle them."""

    head: Row
    lines: Sequence[Row]
    entries: Sequence[Row]
    invoice: Row | None
    invoice_lines: Sequence[Row]


def heads_of(ask: Ask, company: str, number: int) -> list[Row]:
    """Every voucher that has this number, newest first: a number may come again in another series or year."""
    return ask(HEADS.format(condition="voucher_no = ?") + " order by first_date desc, voucher_id", company, number)


def voucher_of(ask: Ask, company: str, head: Row) -> Voucher:
    """A voucher with its lines, entries, matches and invoice."""
    which = (company, head["voucher_id"])
    invoices = ask(INVOICE, *which)
    return Voucher(
        head=head,
        lines=_with_dimensions(ask, company, ask(LINES, *which)),
        entries=_matched(ask, *which),
        invoice=invoices[0] if invoices else None,
        invoice_lines=ask(INVOICE_LINES, *which) if invoices else (),
    )


def _matched(ask: Ask, company: str, voucher_id: str) -> list[Row]:
    found = ask(ENTRIES.replace("$company", "?").replace("$voucher", "?"), company, company, voucher_id, voucher_id)
    mine = [row | {"matched": []} for row in found if row["of_entry"] is None]
    by_id = {row["entry_id"]: row for row in mine}
    for row in found:
        if row["of_entry"] is not None:
            by_id[row["of_entry"]]["matched"].append(row)
    return mine


def _with_dimensions(ask: Ask, company: str, lines: Sequence[Row]) -> list[Row]:
    """Each line with `dimensions`: pairs of what a dimension is called and its value, those that it has."""
    ids = [line[name] for line in lines for name in ("dim1_id", "dim2_id", "dim3_id") if line[name] is not None]
    own = {row["dimension_value_id"]: row for row in ask(OWN_DIMENSIONS, company, ids)} if ids else {}
    return [line | {"dimensions": _dimensions(line, own)} for line in lines]


def _dimensions(line: Row, own: dict[Any, Row]) -> list[tuple[str, str]]:
    usual = (
        ("department", _("Department")),
        ("project", _("Project")),
        ("product", _("Product")),
        ("location", _("Location")),
    )
    found = [(str(title), _named(line[f"{name}_code"], line[f"{name}_name"])) for name, title in usual]
    for number in (1, 2, 3):
        value = own.get(line[f"dim{number}_id"])
        title = value["dimension"] if value else _("Dimension %(number)s") % {"number": number}
        found.append((title, _named(line[f"dim{number}_code"], value["value_name"] if value else None)))
    return [(title, value) for title, value in found if value]


def _named(code: Any, name: str | None) -> str:
    return " ".join(str(part) for part in (code, name) if part is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for: the beginning of a number or a part of a text, and posting dates, both inclusive."""

    text: str = ""
    since: date | None = None
    until: date | None = None


def found_of(ask: Ask, company: str, search: Search, *, page: int) -> tuple[list[Row], int]:
    """One page of vouchers, newest first, and how many there are in all."""
    condition, values = "true", list[Any]()
    for sign, day in ((">=", search.since), ("<=", search.until)):
        if day is not None:
            condition += f" and posting_date {sign} ?"
            values.append(day)
    having = ""
    if search.text:
        having = " having starts_with(voucher_no::varchar, ?) or bool_or(contains(lower(description), lower(?)))"
        values += [search.text, search.text]
    sql = HEADS.format(condition=condition) + having
    total = ask(f"select count(*) as n from ({sql})", company, *values)[0]["n"]  # noqa: S608 - values are parameters
    order = f" order by first_date desc, voucher_no desc, voucher_id limit {A_PAGE} offset ?"
    return ask(sql + order, company, *values, (page - 1) * A_PAGE), total
