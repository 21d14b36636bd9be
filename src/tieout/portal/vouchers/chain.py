"""Which vouchers reverse or correct which, both ways, however long the chain is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tieout.portal.vouchers.reading import Ask, Row

LINKS = """
select distinct voucher_no, reversed_voucher_no, corrected_voucher_no
from core.postings
where company_id = ? and (reversed_voucher_no is not null or corrected_voucher_no is not null)
"""
NAMED = """
select voucher_no, any_value(voucher_type) as voucher_type, min(posting_date) as first_date, sum(debit) as total
from core.postings where company_id = ? and voucher_no in (select unnest(?)) group by voucher_no
"""


@dataclass(frozen=True, slots=True)
class Link:
    """`later` reverses or corrects (`how`) `earlier`."""

    later: int
    how: str
    earlier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A voucher of a chain: `links` are those in which it is the later one. `row` is None where it is not stored."""

    number: int
    is_here: bool
    links: Sequence[Link]
    row: Row | None


def chain_of(ask: Ask, company: str, number: int) -> list[Step]:
    """The whole chain that a voucher is part of, oldest number first; nothing for one that stands alone."""
    chain = connected(_links(ask(LINKS, company)), number)
    if not chain:
        return []
    numbers = sorted({number, *(one for link in chain for one in (link.later, link.earlier))})
    rows = {row["voucher_no"]: row for row in ask(NAMED, company, numbers)}
    return [
        Step(number=one, is_here=one == number, links=[x for x in chain if x.later == one], row=rows.get(one))
        for one in numbers
    ]


def connected(links: Iterable[Link], number: int) -> list[Link]:
    """The links that a voucher reaches, in either direction."""
    rest, reached, chain = list(links), {number}, list[Link]()
    while near := [link for link in rest if link.later in reached or link.earlier in reached]:
        chain += near
        reached |= {one for link in near for one in (link.later, link.earlier)}
        rest = [link for link in rest if link not in near]
    return sorted(chain, key=lambda link: (link.later, link.earlier, link.how))


def _links(rows: Iterable[Row]) -> list[Link]:
    return [
        Link(row["voucher_no"], how, row[column])
        for row in rows
        for how, column in (("reverses", "reversed_voucher_no"), ("corrects", "corrected_voucher_no"))
        if row[column] is not None
    ]
