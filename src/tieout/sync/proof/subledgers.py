"""Subledgers against the source's balances per party and against their control accounts."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from decimal import Decimal

from tieout.connectors.base import LedgerProof, SubledgerProof
from tieout.ledger.trial_balance import ZERO, gaps
from tieout.sync.proof.checks import NOT_APPLICABLE, Checks
from tieout.sync.proof.ledger import Ledger
from tieout.sync.work import Work
from tieout.warehouse.base import Sums


class Subledger:
    """One subledger at one time. Its balances are asked ahead."""

    def __init__(self, work: Work, proof: SubledgerProof, checks: Checks, threads: Executor) -> None:
        self._work, self._store, self._proof, self._checks = work, work.store, proof, checks
        where = {proof.series_type: proof.series_type_value}
        self._controls = [int(no) for no in self._store.column(proof.series, proof.series_account_no, where=where)]
        self._asked: Future[dict[int, Decimal]] | None = None
        if self._controls and checks.is_ready(proof.entries):
            self._asked = threads.submit(work.reader.party_balances, proof.check, checks.today)

    def examine(self, ledger: Ledger | None) -> None:
        """Entries per party = the source's balances; all of them = the control accounts' closing balances."""
        today, proof, checks = self._checks.today, self._proof, self._checks
        if not self._controls:
            checks.add(proof.check, today, 0, NOT_APPLICABLE, "no_control_account")
            return
        checks.rest_on(proof.entries)
        sums = Sums(proof.entries, proof.party_no, proof.amount, proof.posting_date)
        ours = self._store.sums(sums, until=today)
        theirs = self._asked.result() if self._asked else {}
        compared = len({no for side in (ours, theirs) for no, balance in side.items() if balance})
        checks.compare(proof.check, today, compared, list(gaps(ours, theirs)), number="party_no")
        if ledger:
            _control(checks, proof.check, self._controls, sum(ours.values(), ZERO), ledger)


def employees(work: Work, proof: LedgerProof, checks: Checks, ledger: Ledger) -> None:
    """The employees' subledger has no list of its own: postings that name an employee = its control accounts."""
    told = proof.employees
    if told is None:
        return
    where = {told.series_type: told.series_type_value}
    controls = [int(no) for no in work.store.column(told.series, told.series_account_no, where=where)]
    sums = Sums(proof.postings, told.party_no, proof.amount, proof.posting_date)
    ours = work.store.sums(sums, until=checks.today, where={proof.account_no: controls}) if controls else {}
    if not ours:
        checks.add(told.check, checks.today, 0, NOT_APPLICABLE, "no_control_account")
        return
    checks.require(proof.postings)
    _control(checks, told.check, controls, sum(ours.values(), ZERO), ledger)


def _control(checks: Checks, check: str, controls: list[int], ours: Decimal, ledger: Ledger) -> None:
    balance = sum((ledger.theirs(checks.today).get(account, ZERO) for account in controls), ZERO)
    only = controls[0] if len(controls) == 1 else 0
    apart = list(gaps({only: ours}, {only: balance}))
    checks.compare(check, checks.today, len(controls), apart, number="account_no")
