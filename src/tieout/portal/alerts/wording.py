"""What is said of each kind of incident: a table from kinds to sentences, filled with facts where they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tieout.portal.alerts.models import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`subject` and `ended` are one line each; `means` is for the numbers, `who` must act, `button` leads to where.

    `page` is the name of an address; those of a data source take its id.
    """

    subject: Any
    means: Any
    who: Any
    button: Any
    page: str
    ended: Any = ""
    now: Any = ""  # what holds after the end


NOBODY = _("Nobody must act.")
OPERATOR = _("Whoever operates this installation must act.")
GOES_ON = _("Syncs go on by themselves, and fetch what changed meanwhile.")
STAND = _("Reports show the figures as they were then. Nothing that is stored is lost.")

WORDINGS: dict[str, Wording] = {
    Kind.APPROVAL_WITHDRAWN: Wording(
        subject=_("%(company)s: approval withdrawn – %(stand)s"),
        means=_(
            "The accounting system has not accepted the approval since %(since)s, so nothing new comes in."
            " Reports show the figures as they were before. Nothing that is stored is lost."
        ),
        who=_(
            "An administrator of the company must approve once more: you yourself, or whoever keeps the books,"
            " through a link that you send them."
        ),
        button=_("Recreate the connection"),
        page="approvals:access",
        ended=_("%(company)s: approved again"),
        now=GOES_ON,
    ),
    Kind.STANDS_STILL: Wording(
        subject=_("%(company)s: stands still since %(since)s – %(stand)s"),
        means=_(
            "By its schedule it should have been brought up to date before %(since)s, and was not."
            " Reports show the figures as they were then. Nothing that is stored is lost."
        ),
        who=_("Tieout goes on trying. If it lasts, the page of the data source says what stops it and who must act."),
        button=_("See what stops it"),
        page="syncs:overview",
        ended=_("%(company)s: up to date again"),
        now=_("It is synced by its schedule again."),
    ),
    Kind.NOT_PROVED: Wording(
        subject=_("%(company)s: not proved – %(differing)s of %(compared)s accounts differ since %(since)s"),
        means=_(
            "What is stored does not agree with the accounting system’s own balances. Figures of the accounts that differ"
            " are not to be relied upon until it is mended."
        ),
        who=_("Look at the proof: it says which accounts and vouchers differ. Tieout reads them again by itself."),
        button=_("Open the proof"),
        page="syncs:proof",
        ended=_("%(company)s: no longer “not proved”"),
        now=_("The difference that was told is gone. The proof page says what it was."),
    ),
    Kind.COULD_NOT_CHECK: Wording(
        subject=_("%(company)s: couldn’t be checked since %(since)s"),
        means=_(
            "The figures come in, but nobody can say whether they agree with the accounting system’s own balances."
        ),
        who=_("Look at the proof: it says what could not be asked, and why."),
        button=_("Open the proof"),
        page="syncs:proof",
        ended=_("%(company)s: checked again"),
        now=_("The figures were compared with the accounting system’s own balances again."),
    ),
    Kind.WEBHOOK_DISABLED: Wording(
        subject=_("Webhook %(name)s is switched off since %(since)s: it failed for days"),
        means=_(
            "The figures are not touched. Whatever listens at that address has not been told of syncs and incidents."
        ),
        who=_("An owner or administrator: mend the receiver, send a test, and switch the webhook on again."),
        button=_("Open the webhook"),
        page="webhooks:list",
        ended=_("Webhook %(name)s is no longer switched off"),
        now=_("What happens from now on is sent."),
    ),
    Kind.FIRST_SYNC_DONE: Wording(
        subject=_("%(company)s: first sync done %(since)s"),
        means=_("The books are here and kept fresh from now on: %(rows)s rows."),
        who=NOBODY,
        button=_("See the data source"),
        page="syncs:overview",
    ),
    Kind.LINK_OPENED: Wording(
        subject=_("%(company)s: approval link opened %(since)s"),
        means=_(
            "Whoever has the link went on to the accounting system’s own pages. No figures have come in through it yet."
        ),
        who=NOBODY,
        button=_("See the link"),
        page="approvals:links",
    ),
    Kind.LINK_APPROVED: Wording(
        subject=_("%(company)s: approval link approved %(since)s"),
        means=_("The first sync starts by itself."),
        who=NOBODY,
        button=_("See the link"),
        page="approvals:links",
    ),
    Kind.LINK_DECLINED: Wording(
        subject=_("%(company)s: approval link declined %(since)s"),
        means=_("Whoever opened the link cancelled in the accounting system. No figures come in through it."),
        who=_("Ask them whether they meant to. The link can be used again until it runs out."),
        button=_("See the link"),
        page="approvals:links",
    ),
    Kind.STAMPED_CHANGED: Wording(
        subject=_("%(company)s: %(vouchers)s vouchers changed what was reported as %(name)s (to %(up_to)s)"),
        means=_(
            "Figures up to that day are no longer those that were stamped. The stamp’s page has each voucher and amount."
        ),
        who=_("Look whether the report must be given anew, or the posting moved to an open period."),
        button=_("See the stamps"),
        page="stamps:stamps",
    ),
    Kind.LOCKED_CHANGED: Wording(
        subject=_("%(company)s: %(vouchers)s vouchers landed in a period locked to %(up_to)s"),
        means=_(
            "Figures of a period that was closed have changed. The page of stamps lists what came into locked periods."
        ),
        who=_("Ask whoever keeps the books why it was opened again."),
        button=_("See the stamps"),
        page="stamps:stamps",
    ),
    Kind.PROVED: Wording(
        subject=_("%(company)s: proved %(since)s"),
        means=_("What is stored agrees with the accounting system’s own balances to the øre. You asked to be told."),
        who=NOBODY,
        button=_("Open the proof"),
        page="syncs:proof",
    ),
    Kind.KEYS_REFUSED: Wording(
        subject=_("This installation: %(system)s refuses our own keys since %(since)s"),
        means=_("No company can be synced with keys that are refused. %(stand_still)s"),
        who=_(
            "Whoever operates this installation must act: the keys in its settings are wrong, ended or not yet activated."
        ),
        button=_("See the data sources"),
        page="sources:list",
        ended=_("This installation: %(system)s accepts our keys again"),
        now=GOES_ON,
    ),
    Kind.SHUT_OUT: Wording(
        subject=_("This installation: %(system)s lets in no company since %(since)s"),
        means=_("%(companies)s companies were refused and none was let in after that. %(stand_still)s"),
        who=_(
            "Whoever operates this installation must act: probably its own key was ended or changed at the system."
            " Only if that is not so must each company approve once more."
        ),
        button=_("See the data sources"),
        page="sources:list",
        ended=_("This installation: %(system)s lets companies in again"),
        now=GOES_ON,
    ),
    Kind.SYSTEM_DOWN: Wording(
        subject=_("This installation: %(system)s is down or too busy since %(since)s"),
        means=_("No sync of any company got through. %(stand_still)s"),
        who=_("Nobody must act: Tieout tries again every ten minutes. The system’s own status page may say more."),
        button=_("See the data sources"),
        page="sources:list",
        ended=_("This installation: %(system)s answers again"),
        now=GOES_ON,
    ),
    Kind.DISK_FULL: Wording(
        subject=_("This installation: the disk is %(percent)s %% full since %(since)s"),
        means=_("New syncs wait until there is room. %(stand_still)s"),
        who=_("Whoever operates this installation must act: make room, or give the disk more."),
        button=_("See the data sources"),
        page="sources:list",
        ended=_("This installation: there is room on the disk again"),
        now=GOES_ON,
    ),
    Kind.MAIL_FAILING: Wording(
        subject=_("This installation: e-mails can’t be sent since %(since)s"),
        means=_(
            "The figures are not touched, but nobody is told by e-mail when they stand still. %(waiting)s messages wait."
        ),
        who=_("Whoever operates this installation must act: look at TIEOUT_EMAIL_URL, and send a test."),
        button=_("Send a test"),
        page="alerts:mail",
        ended=_("This installation: e-mails are sent again"),
        now=_("What waited has been sent."),
    ),
}
