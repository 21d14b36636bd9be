"""Each thing that may go wrong, as a table: what it is called, what to expect, and how it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.syncs import running, warehouses
from tieout.portal.trials.control import ControlError, order
from tieout.warehouse.duckdb.tables import table

HICCUPS = 5  # of each kind; few enough in a row for every request to get through in the end
DAYS_OLD = 3


class NothingToDoError(Exception):
    """There was nothing for it to happen to. The text says so to a person."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`act` does it and tells what happened; `expect` says what the next sync makes of it."""

    name: str
    title: Promise
    expect: Promise
    act: Callable[[Source], str]


def _change(source: Source, kind: str) -> int:
    try:
        told = order("changes", {"org": source.organisation_number, "kind": kind})
    except ControlError as error:
        raise NothingToDoError(_("The simulator can’t do this to these books: {why}").format(why=error)) from error
    return int(told["done"])


def _post_late(source: Source) -> str:
    if not _change(source, "post_late"):
        raise NothingToDoError(_("No earlier month is open for a late posting just now."))
    return _("A voucher was posted into an earlier month.")


def _correct_in_place(source: Source) -> str:
    if not _change(source, "correct_in_place"):
        raise NothingToDoError(_("No recent voucher can be corrected just now. Let a week pass first."))
    return _("A posted voucher was changed where it stands: another account, no new voucher number.")


def _lose_row(source: Source) -> str:
    """Delete a posting with an amount from the copy, while no sync runs; the source still has it.

    The newest that was made days ago: what is newer is read again anyway, so nobody would have to find it.
    """
    ledger = connector_of(source).proof.ledger
    if ledger is None or not warehouses.exists(source.workspace):
        raise NothingToDoError(_("There are no postings yet. Wait for the first sync."))
    where, made = table(source.connector, ledger.postings), ledger.created or ledger.posting_date
    newest = f"""select {ledger.voucher_no}, rowid from {where}
        where _source_id = ? and {ledger.amount} <> 0
        order by {made} < now() - interval {DAYS_OLD} day desc, {ledger.voucher_no} desc limit 1"""  # noqa: S608
    with (
        running.writing(source.pk),
        warehouses.opened(source.workspace) as warehouse,
        warehouse.writing() as connection,
    ):
        found = connection.execute(newest, [str(source.pk)]).fetchone()
        if found is None:
            raise NothingToDoError(_("There are no postings yet. Wait for the first sync."))
        connection.execute(f"delete from {where} where rowid = ?", [found[1]])  # noqa: S608
    return _("A posting of voucher {number} was deleted from the copy.").format(number=found[0])


def _withdraw(source: Source) -> str:
    _ordered("revoke", {"org": source.organisation_number, "now": True})
    return _("The company’s administrator has switched the integration off.")


def _trouble(source: Source) -> str:
    """Refusals and outages in turn, spread so that they go on for a whole sync."""
    whose = {"org": source.organisation_number, "times": 1}
    faults = [
        {"fault": fault, "after": 3 * number + offset, **whose}
        for number in range(HICCUPS)
        for offset, fault in enumerate(("429", "503"))
    ]
    _ordered("faults", faults)
    return _(
        "The next {count} answers will be refusals (429) and outages (503), in between those that are well."
    ).format(count=len(faults))


def _let_a_week_pass(_source: Source) -> str:
    _ordered("clock", {"advance_days": 7})
    return _("Seven days of bookkeeping have happened at every company of the simulator.")


def _ordered(call: str, body: object) -> None:
    try:
        order(call, body)
    except ControlError as error:
        raise NothingToDoError(str(error)) from error


TRIALS = (
    Trial(
        "late-posting",
        gettext_lazy("Late posting"),
        gettext_lazy("The sync brings it, whatever month it lies in. The verdict is Proved: nothing was missed."),
        _post_late,
    ),
    Trial(
        "correction-in-place",
        gettext_lazy("Correction in place"),
        gettext_lazy(
            "The trial balance betrays it where nothing else does. The month is read again, the voucher is named among the"
            " incidents, and the verdict is Proved again."
        ),
        _correct_in_place,
    ),
    Trial(
        "lost-row",
        gettext_lazy("Lost row"),
        gettext_lazy(
            "The account differs by that amount. The sync finds the voucher, reads it again, and keeps the incident: what was"
            " wrong, and what was mended."
        ),
        _lose_row,
    ),
    Trial(
        "trouble",
        gettext_lazy("A day of 429 and 503"),
        gettext_lazy("The sync takes longer and asks again. The figures are the same, and nothing is lost."),
        _trouble,
    ),
    Trial(
        "week",
        gettext_lazy("A week passes"),
        gettext_lazy("The sync brings a week’s vouchers, corrections and payments, and proves them."),
        _let_a_week_pass,
    ),
    Trial(
        "withdrawal",
        gettext_lazy("Approval withdrawn"),
        gettext_lazy(
            "The sync stops with a reason, and the page says who must act. The data stay. To put it right, approve again"
            " under Access; the sync after that is proved."
        ),
        _withdraw,
    ),
)
BY_NAME = {trial.name: trial for trial in TRIALS}
