"""What is open of invoices: as the invoice tells it, as its entries do, and as entries that settle each other come to it.

Both sides are the source's own words, so that what still differs after both were read again is the source's: it is
remembered by its figures (cursor `own` of the entries), and no reason to doubt what is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tieout.connectors.base import Settlement, SubledgerProof
from tieout.sync.proof.checks import AGREES, CLOSED, DIFFERS, NOT_APPLICABLE, OPEN_ITEMS, Checks
from tieout.sync.work import Work
from tieout.warehouse.base import Difference, Sums

OWN = "own"


def streams(work: Work) -> list[str]:
    """The streams that these figures come from."""
    return [name for proof, told in _settled(work) for name in (proof.entries, told.invoices)]


def examine(work: Work, checks: Checks) -> None:
    """Invoices' balances = their entries'; entries that settle each other come to what is open of them."""
    compared, apart, is_known = 0, list[Difference](), False
    pairs = list(_settled(work))
    if not pairs:
        checks.add(OPEN_ITEMS, checks.today, 0, NOT_APPLICABLE, "not_available")
        return
    for proof, told in pairs:
        checks.require(proof.entries, told.invoices)
        known = _known(work, proof)
        found = list(_differences(work, checks, proof, told))
        is_known |= any(_figures(one) in known for one in found)
        apart += [one for one in found if _figures(one) not in known]
        compared += work.store.count(told.invoices)
    checks.differences += apart
    reason = "source_differs" if is_known and not apart else None
    checks.add(OPEN_ITEMS, checks.today, compared, DIFFERS if apart else AGREES, reason)


def accept(work: Work) -> bool:
    """Remember what differs although it was read again just now. Whether there is any."""
    found_any = False
    for proof, told in _settled(work):
        if work.readable(work.by_name[proof.entries]) and work.readable(work.by_name[told.invoices]):
            own = [_figures(one) for one in _differences(work, None, proof, told)]
            work.store.set_cursors(proof.entries, work.sync, {OWN: json.dumps(sorted(own))})
            found_any |= bool(own)
    return found_any


def _differences(work: Work, checks: Checks | None, proof: SubledgerProof, told: Settlement) -> Iterator[Difference]:
    on = checks.today if checks else work.clock().date()
    entries = Sums(proof.entries, told.voucher_id, told.balance, proof.posting_date)
    invoices = Sums(told.invoices, told.invoice_voucher_id, told.invoice_balance, proof.posting_date)
    for voucher, ours, theirs in work.store.sums_apart(entries, invoices, told.invoice_voucher_no):
        yield Difference(
            check=OPEN_ITEMS, date=on, stream=told.invoices, voucher_no=voucher, stored=ours, vendor=theirs
        )
    matched = Sums(proof.entries, told.match, proof.amount, proof.posting_date)
    for _, amounts, left in work.store.amounts_apart(matched, told.balance):
        yield Difference(check=OPEN_ITEMS, date=on, stream=proof.entries, stored=amounts, vendor=left)


def _settled(work: Work) -> Iterator[tuple[SubledgerProof, Settlement]]:
    """Subledgers whose entries and invoices the company opens to us."""
    for proof in work.connector.proof.subledgers:
        if proof.settlement and not any(
            work.states.get(name) in CLOSED for name in (proof.entries, proof.settlement.invoices)
        ):
            yield proof, proof.settlement


def _known(work: Work, proof: SubledgerProof) -> set[str]:
    return set(json.loads(work.store.cursors(proof.entries).get(OWN, "[]")))


def _figures(found: Difference) -> str:
    return f"{found.stream} {found.voucher_no} {found.stored} {found.vendor}"
