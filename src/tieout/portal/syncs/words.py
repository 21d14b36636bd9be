"""What codes are called: streams, checks, events, happenings. Tables of texts; facts fill the places in brackets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

CHECKS: dict[str, Any] = {
    "ledger": _("Ledger"),
    "customers": _("Accounts receivable"),
    "suppliers": _("Accounts payable"),
    "vouchers": _("Vouchers sum to zero"),
    "numbers": _("Voucher numbers"),
    "employees": _("Employees’ subledger"),
    "open_items": _("Invoices and open items"),
    "origins": _("Open items lead to their invoice"),
    "day": _("Ledger at a day that was asked for"),
    "per_department": _("Ledger per department"),
    "per_project": _("Ledger per project"),
    "counts": _("Numbers of rows"),
}
# What the figure in `compared` counts; `counter` decides between one and many, `n` is how it is written.
COMPARED: dict[str, Any] = {
    "ledger": ngettext_lazy("%(n)s account", "%(n)s accounts", "counter"),
    "customers": ngettext_lazy("%(n)s customer", "%(n)s customers", "counter"),
    "vouchers": ngettext_lazy("%(n)s voucher", "%(n)s vouchers", "counter"),
    "numbers": ngettext_lazy("%(n)s number", "%(n)s numbers", "counter"),
    "suppliers": ngettext_lazy("%(n)s supplier", "%(n)s suppliers", "counter"),
    "origins": ngettext_lazy("%(n)s open item", "%(n)s open items", "counter"),
    "day": ngettext_lazy("%(n)s account", "%(n)s accounts", "counter"),
    "per_department": ngettext_lazy("%(n)s department", "%(n)s departments", "counter"),
    "per_project": ngettext_lazy("%(n)s project", "%(n)s projects", "counter"),
    "counts": ngettext_lazy("%(n)s stream", "%(n)s streams", "counter"),
}
# What a difference turned out to be, once the source was asked again.
SHAPES: dict[str, Any] = {
    "missing_voucher": _("Missing voucher"),
    "missing_posting": _("Missing line of a voucher"),
    "missing_month": _("Whole month missing"),
    "opening_missing": _("Opening balance missing"),
    "doubled_voucher": _("Voucher counted twice"),
    "surplus_voucher": _("Voucher that the source no longer has"),
    "surplus_posting": _("Line that the source’s voucher does not have"),
    "corrected_in_place": _("Amount corrected in place"),
    "wrong_account": _("Moved to another account"),
    "shifted_date": _("Moved to another date"),
    "posted_after_the_check": _("Posted after the books were read"),
    "cut_off": _("Cut off: everything after a date is missing"),
    "rows_missing": _("Fewer rows than the source counts"),
    "rows_surplus": _("More rows than the source counts"),
    "source_differs": _("The source’s own list does not add up to its own balance"),
    "unexplained": _("The source could not be asked for the vouchers"),
}
INCIDENT_STATES: dict[str, Any] = {
    "open": _("Not mended"),
    "mended": _("Mended"),
    "gone": _("Gone by itself"),
}
# How the source forms its trial balance, as it was met in the figures.
CONVENTIONS: dict[str, Any] = {
    "restarts": _("Result accounts begin each fiscal year at zero."),
    "goes_on": _("Result accounts go on from year to year."),
    "carried_to": _("Result accounts begin each fiscal year at zero; earlier results stand on account %(account)s."),
    "opening_not_posted": _("The opening balance is no voucher; it is taken from the trial balance."),
}
GRADES: dict[str, Any] = {
    "balanced": _("Balanced"),
    "counted": _("Counted"),
    "not_checkable": _("Not checkable"),
}
FAULTS: dict[str, Any] = {
    "try_later": _("The source was busy or could not be reached. The next sync carries on by itself."),
    "company": _("The source no longer accepts the approval. An administrator of the company must approve again."),
    "operator": _("The source refuses this installation’s own keys. Its operator must mend them; then syncs go on."),
    "unexpected": _("The source gave an answer that its documentation does not know. What is stored was not touched."),
}
EVENTS: dict[str, Any] = {
    "sync_started": _("Sync started"),
    "sync_planned": _("%(requests)s requests planned, %(deferred)s more to fill in afterwards"),
    "stream_started": _("%(stream)s: started"),
    "stream_finished": _(
        "%(stream)s: %(new)s new, %(changed)s changed, %(removed)s removed; rows read: %(rows)s, requests: %(requests)s"
    ),
    "stream_postponed": _("%(stream)s: busy, the next sync carries on. %(reason)s"),
    "stream_not_available": _("%(stream)s: not available to us. %(reason)s"),
    "stream_failed": _("%(stream)s: stopped at an unexpected answer; what is stored was not touched. %(reason)s"),
    "read_again": _("%(stream)s was read again: %(new)s new, %(changed)s changed, %(removed)s removed"),
    "window_ready": _("%(stream)s: %(first)s to %(last)s is here"),
    "published": _("The published copy is up to date"),
    "sync_finished": _("Sync ended: %(rows)s rows, %(requests)s requests"),
    "tie_out": _("Tie-out"),
    "taken_up": _("Taken up again after an interruption"),
}
HAPPENINGS: dict[str, Any] = {
    "source_created": _("Data source added"),
    "source_renewed": _("Connection renewed"),
    "source_paused": _("Paused"),
    "source_resumed": _("Resumed"),
    "source_changed": _("Settings changed"),
    "source_removed": _("Data source removed"),
    "personal_data_chosen": _("Personal data chosen anew"),
    "stamped": _("%(name)s stamped, as of %(on)s"),
    "saft_written": _("SAF-T file %(file)s written, %(findings)s findings"),
    "groupings_confirmed": _("Grouping codes of %(accounts)s accounts confirmed"),
    "grouping_left_to_rule": _("Grouping code of account %(account)s left to the rule"),
    "approval_withdrawn": _("Approval withdrawn in the system itself"),
    "approved": _("Approved by %(approver)s"),
    "approval_refused": _("An approval was for another company, and was not used"),
    "approval_given_up": _("An approval could not be proved, and was given up"),
    "company_left": _("%(company)s was approved too, and not chosen"),
    "key_replaced_elsewhere": _("The key was replaced by an approval in another workspace"),
    "certificate_exported": _("Certificate %(number)s exported"),
    "witness_heard": _("Compared with the file %(file)s"),
    "person_added": _("Joined as %(role)s"),
    "person_invited": _("%(email)s invited as %(role)s"),
    "person_removed": _("%(who)s removed"),
    "person_deactivated": _("%(who)s deactivated"),
    "person_reactivated": _("%(who)s has access again"),
    "person_factor_reset": _("Second factor of %(who)s reset"),
    "factor_required": _("A second factor is asked of everybody"),
    "factor_not_required": _("A second factor is no longer asked of everybody"),
    "invitation_withdrawn": _("Invitation of %(email)s withdrawn"),
    "role_changed": _("%(who)s is now %(role)s"),
    "companies_changed": _("Which companies %(who)s sees was changed"),
    "access_changed": _("How long %(who)s has access was changed: %(until)s"),
    "firm_connected": _("The key of the accounting firm %(firm)s was set"),
    "firm_ended": _("The key of the accounting firm %(firm)s was destroyed"),
    "clients_wanted": _("%(companies)s clients of %(firm)s chosen to be connected"),
    "group_made": _("Group %(group)s made"),
    "group_renamed": _("Group %(before)s is now called %(group)s"),
    "group_removed": _("Group %(group)s removed"),
    "group_changed": _("Companies of the group %(group)s changed: %(added)s added, %(removed)s taken out"),
    "responsible_changed": _("Responsible person: %(who)s"),
    "layout_made": _("Report lines %(layout)s made"),
    "layout_changed": _("Report lines %(layout)s changed"),
    "layout_removed": _("Report lines %(layout)s removed"),
    "budget_given": _("Budget for %(years)s given: %(amounts)s amounts"),
    "budget_removed": _("Budget for %(year)s removed"),
    "feed_token_made": _("A feed token was made: %(name)s"),
    "feed_token_revoked": _("A feed token was revoked: %(name)s"),
    "link_made": _("Approval link made"),
    "link_sent": _("Approval link sent"),
    "link_revoked": _("Approval link revoked"),
    "receivers_changed": _("Who is told of incidents was changed"),
    "receivers_responsible_first": _("Messages about a company go to its responsible person first"),
    "receivers_at_once": _("Messages about a company go to all who are told, at once"),
    "webhook_made": _("Webhook made"),
    "webhook_removed": _("Webhook removed"),
    "webhook_secret_renewed": _("A webhook’s signing secret was renewed"),
    "webhook_switched_off": _("Webhook switched off"),
    "webhook_switched_on": _("Webhook switched on"),
    "link_reported": _("The receiver of an approval link did not expect it"),
    "link_asked_anew": _("The receiver of an approval link asked for a new one"),
    "link_opened": _("Approval link opened"),
}
# Codes that say why a check could not be made, or does not apply.
REASONS: dict[str, Any] = {
    "busy": _("the source was busy"),
    "unexpected_answer": _("an unexpected answer"),
    "sync_failed": _("the sync before it failed"),
    "moving": _("the books moved while they were checked"),
    "still_filling": _("rows are still arriving"),
    "emptiness_unconfirmed": _("the source has no rows left; they go when the next sync sees none either"),
    "filling": _("rows are still arriving"),
    "not_available": _("the company does not open it to us"),
    "skipped": _("it was left out of this sync"),
    "failed": _("a stream it needs could not be read"),
    "postponed": _("a stream it needs could not be read yet"),
    "waiting": _("a stream it needs was not read yet"),
    "gaps_not_asked": _("some numbers are missing that the source has not been asked for yet; a night asks"),
    "gaps_confirmed": _("the source has no vouchers with the missing numbers"),
    "opening_not_zero": _("the opening balances do not sum to zero in the source; they are taken as they are"),
    "from_journals": _("some come from journals: their voucher is stored, and there is no invoice"),
    "source_differs": _("the source’s own figures differ, also when read again"),
    "renamed": _("postings bear a code that the source has renamed or removed"),
    "some_only": _("those with the most accounts; each costs a request"),
    "no_trial_balance": _("the source offers no trial balance"),
    "no_control_account": _("the company has no such register"),
}


def stream_title(name: str) -> str:
    """A stream's or table's name for people: "account_transactions" is "Account transactions".

    Names are the connector's own, and so are their translations: `connectors/<name>/locale`.
    """
    if name.endswith("_versions"):
        return gettext("%(table)s versions") % {"table": stream_title(name.removesuffix("_versions"))}
    return gettext(name.replace("_", " ").capitalize().replace("Vat ", "VAT ")) if name else ""


def sentence(table: Mapping[str, Any], code: str, facts: Mapping[str, Any]) -> str:
    """The text of a code with its facts in their places; the code itself where the table lacks it."""
    text: str | Promise = table.get(code, code.replace("_", " ").capitalize())
    try:
        return str(text) % defaultdict(str, facts)
    except (TypeError, ValueError):
        return str(text)
