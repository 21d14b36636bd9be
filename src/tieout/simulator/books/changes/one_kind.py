"""One kind of change at once, for whoever wants to see what it does to a sync."""

from __future__ import annotations

from tieout.simulator.books.changes.plan import CHANGES
from tieout.simulator.books.events import drafts
from tieout.simulator.books.invented.company import InventedCompany


def _delete_draft(company: InventedCompany) -> bool:
    """One that waits, or one made for the purpose."""
    waiting = list(company.books.drafts.values()) or [drafts.begin(company)]
    drafts.delete(company, company.rng.choice(waiting))
    return True


KINDS = {change.__name__.lstrip("_"): change for change in (*CHANGES, _delete_draft)}


def make(company: InventedCompany, kind: str) -> bool:
    """Let a change of one of KINDS happen now; False where there is nothing that it could happen to.

    What is drawn follows from the moment and from what was changed before. Raises KeyError for an unknown kind.
    """
    change = KINDS[kind]
    with company.aside(f"{kind}/{len(company.books.planted)}"):
        return change(company)
