"""Approval links for several companies: which are left, which key may be kept, and when such a link is used up.

Such a link stays open until each company that it names was approved, by one person or by many. No other company is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from tieout.ledger.organisation_number import is_valid, normalise
from tieout.portal.approvals.models import HOLDING_A_KEY, ApprovalLink, AskedCompany, Candidate, CandidateState

MOST_COMPANIES = 500
APART = re.compile(r"[,;\n\r\t]+")


class WrongNumberError(ValueError):
    """Among typed numbers is one that is none. `text` is it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_numbers(text: str) -> list[str]:
    """Organisation numbers as people paste them, a line each or with commas between; each once. Raises WrongNumberError."""
    found: dict[str, None] = {}
    for part in (one.strip() for one in APART.split(text)):
        if not part:
            continue
        number = normalise(part)
        if not is_valid(number):
            raise WrongNumberError(part[:40])
        found[number] = None
    return list(found)


def asked(numbers: Iterable[str], names: dict[str, str] | None = None) -> list[AskedCompany]:
    """What a link keeps of the companies that it asks for."""
    return [{"number": number, "name": (names or {}).get(number, "")[:200]} for number in numbers]


def numbers_of(link: ApprovalLink) -> set[str]:
    """Which companies a link for several may bring."""
    return {one["number"] for one in link.companies}


def left_of(link: ApprovalLink) -> list[AskedCompany]:
    """The companies of a link that nobody has approved yet, in its order."""
    approved = _approved(link)
    return [one for one in link.companies if one["number"] not in approved]


def _approved(link: ApprovalLink) -> set[str]:
    kept = Candidate.objects.filter(session__link=link, state__in=(*HOLDING_A_KEY, CandidateState.TAKEN))
    return set(kept.values_list("organisation_number", flat=True))


def use_up(link: ApprovalLink, *, now: datetime) -> None:
    """The link is used when none of its companies is left, and open again when one of them could not be proved."""
    if left_of(link):
        ApprovalLink.objects.filter(pk=link.pk).update(used_at=None)
    else:
        ApprovalLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
