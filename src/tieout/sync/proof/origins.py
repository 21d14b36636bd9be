"""Where open items come from: each leads to its invoice, or to a voucher that is no invoice.

An entry may be posted by a journal and have no invoice: its voucher explains it, and the check says so. One that lead to
nothing stored, or of an invoice that is not stored, is a difference. What differs although all was read again is the
source's own: it is remembered by its figures (cursor `own origins` of the entries).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tieout.connectors.base import LedgerProof, Settlement, SubledgerProof
from tieout.ledger.trial_balance import ZERO
from tieout.sync.proof.checks import AGREES, CLOSED, DIFFERS, NOT_APPLICABLE, ORIGINS, SHOWN, Checks
from tieout.sync.work import Work
from tieout.warehouse.base import Difference
from tieout.warehouse.proofs import OpenItems, Origin

OWN = "own origins"
FROM_JOURNALS = "from_journals"


def streams(work: Work) -> list[str]:
    """The streams that may lack what an open item leads to."""
    names = [name for proof, told in _settled(work) for name in (proof.entries, told.invoices)]
    ledger = work.connector.proof.ledger
    opened = [name for name in names if work.states.get(name) not in CLOSED]
    return [*([ledger.postings] if ledger else []), *opened]


def examine(work: Work, ledger: LedgerProof, checks: Checks) -> None:
    """Every open item leads to its invoice or to the voucher that explains it; how many is what was compared."""
    checks.require(ledger.postings)
    apart, items, reason = list[Difference](), 0, None
    pairs = list(_settled(work))
    for proof, told in pairs:
        checks.require(proof.entries, *([] if work.states.get(told.invoices) in CLOSED else [told.invoices]))
        found, known = work.store.origins(_lie(work, ledger, proof, told)), _known(work, proof)
        items += sum(one.items for one in found)
        astray = list(_astray(work, told, found))
        new = [one for one in astray if _figures(one) not in known]
        apart += [_difference(checks, proof, one) for one in new[:SHOWN]]
        if len(astray) > len(new):
            reason = "source_differs"
        elif any(one.to == "voucher" for one in found):
            reason = reason or FROM_JOURNALS
    checks.differences += apart
    if not pairs:
        checks.add(ORIGINS, checks.today, 0, NOT_APPLICABLE, "not_available")
    else:
        checks.add(ORIGINS, checks.today, items, DIFFERS if apart else AGREES, None if apart else reason)


def accept(work: Work, ledger: LedgerProof) -> set[int]:
    """Remember what leads to nothing although it was read again just now; the numbers of those vouchers."""
    left = set[int]()
    for proof, told in _settled(work):
        is_read = work.readable(work.by_name[told.invoices]) or work.states.get(told.invoices) in CLOSED
        if is_read and work.readable(work.by_name[proof.entries]):
            found = work.store.origins(_lie(work, ledger, proof, told))
            astray = list(_astray(work, told, found))
            own = sorted(_figures(one) for one in astray)
            work.store.set_cursors(proof.entries, work.sync, {OWN: json.dumps(own)})
            left |= {one.voucher_no for one in astray}
    return left


def _settled(work: Work) -> Iterator[tuple[SubledgerProof, Settlement]]:
    """Subledgers whose entries the company opens to us."""
    for proof in work.connector.proof.subledgers:
        if proof.settlement and work.states.get(proof.entries) not in CLOSED:
            yield proof, proof.settlement


def _lie(work: Work, ledger: LedgerProof, proof: SubledgerProof, told: Settlement) -> OpenItems:
    is_opened = work.states.get(told.invoices) not in CLOSED
    return OpenItems(
        entries=proof.entries,
        balance=told.balance,
        voucher_id=told.voucher_id,
        voucher_no=told.voucher_no,
        voucher_type=told.voucher_type,
        invoices=(told.invoices, told.invoice_voucher_id) if is_opened else None,
        vouchers=(ledger.postings, ledger.voucher_id),
    )


def _astray(work: Work, told: Settlement, found: list[Origin]) -> Iterator[Origin]:
    """Those that lead to nothing, and invoices' entries without their invoice where invoices are opened to us."""
    posted = work.by_name[told.invoices].posted_as
    kinds = posted[2] if posted and work.states.get(told.invoices) not in CLOSED else ()
    return (one for one in found if not one.to or (one.to == "voucher" and one.voucher_type in kinds))


def _difference(checks: Checks, proof: SubledgerProof, one: Origin) -> Difference:
    return Difference(
        check=ORIGINS,
        date=checks.today,
        stream=proof.entries,
        voucher_no=one.voucher_no,
        stored=ZERO,
        vendor=one.balance,
    )


def _known(work: Work, proof: SubledgerProof) -> set[str]:
    return set(json.loads(work.store.cursors(proof.entries).get(OWN, "[]")))


def _figures(one: Origin) -> str:
    return f"{one.voucher_no} {one.voucher_type} {one.to}"
