"""What a certificate says in words: scope, method, what it does not prove, how to check it; in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tieout.portal.syncs.words import CHECKS, CONVENTIONS, REASONS, sentence

OUTCOMES = {
    "agrees": lambda: _("Agrees"),
    "differs": lambda: _("Differs"),
    "not_applicable": lambda: _("Not applicable"),
    "could_not_check": lambda: _("Couldn’t check"),
}


def verdict_sentence(content: Mapping[str, Any], system: str) -> str:
    """The verdict in one sentence."""
    match content["tie_out"]["verdict"]:
        case "proved":
            return _("Proved: everything that was compared agrees with %(system)s to the øre.") % {"system": system}
        case "not_proved":
            return _("Not proved: figures differ from %(system)s; they are listed.") % {"system": system}
    return _("Couldn’t check: not every comparison could be made, so nothing is proved.")


def scope(system: str) -> list[str]:
    """What is certified."""
    return [
        _(
            "That the copy in the warehouse is the books as %(system)s told them at the time given: not that the books are right."
        )
        % {"system": system},
        _(
            "Ledger accounts, vouchers, customers’ and suppliers’ balances and numbers of rows, as far as each is listed here."
        ),
    ]


def method(system: str, ledger: Mapping[str, Any] | None) -> list[str]:
    """How it was compared."""
    told = [
        _("Stored postings were summed by account up to the date, and held against %(system)s’s own trial balance of that date, "
          "account by account. From 0.01 on, a difference is one.") % {"system": system},
        _("Every voucher was summed by posting date, and must come to zero; voucher numbers must have no unexplained gap and "
          "none twice."),
        _("Entries were summed by customer and supplier, and held against %(system)s’s balances and the control accounts.")
        % {"system": system},
        _("Rows were counted and held against %(system)s’s own numbers.") % {"system": system},
    ]  # fmt: skip
    return told + (_conventions(ledger["parameters"]["convention"]) if ledger else [])


def limits() -> list[str]:
    """What a certificate does not prove."""
    return [
        _("That the books themselves are complete or right: both sides come from the same accounting system."),
        _(
            "Invoice lines, texts, dimensions, VAT codes and master data: a trial balance holds sums only; rows are counted."
        ),
        _(
            "Two errors on the same account and date that cancel each other out, other than through the check of vouchers."
        ),
        _("Anything posted or changed after the time of the comparison."),
    ]


def canonical_form() -> list[str]:
    """What the hash of the compared set is a hash of."""
    return [
        _("UTF-8 lines, each ended by a line feed: “postings ROWS VOUCHERS SHA256”; for each account in order of its number "
          "“account DATE NUMBER STORED VENDOR”; for each check “check CHECK DATE COMPARED OUTCOME”."),
        _("SHA256 of the postings: for each month the lines “VOUCHER|DATE|ACCOUNT|AMOUNT” (four decimals) in order of their "
          "bytes, joined by line feeds, hashed; then “MONTH ROWS HASH” of all months, joined by line feeds, hashed."),
    ]  # fmt: skip


def ways_to_check(file: str) -> list[str]:
    """How anybody repeats it."""
    return [
        _("“tieout certificate verify FILE --key KEY” says whether the signature, the hash, the pages and the chain hold. It "
          "needs no network and no installation; the JSON is attached to this PDF."),
        _("The file %(file)s sums the postings of the published copy again with plain DuckDB, offline, and holds every account "
          "against this certificate.") % {"file": file},
    ]  # fmt: skip


def paragraphs(system: str, ledger: Mapping[str, Any] | None, file: str) -> list[tuple[str, list[str]]]:
    """Everything in words, with heads."""
    return [
        (_("Scope"), scope(system)),
        (_("Method"), method(system, ledger)),
        (_("What this does not prove"), limits()),
        (_("What the hashes are of"), canonical_form()),
        (_("How to check it"), ways_to_check(file)),
    ]


def outcome(code: str) -> str:
    """The outcome of a check."""
    return OUTCOMES[code]() if code in OUTCOMES else code


def check_title(code: str, *, is_control: bool = False) -> str:
    """What a check is called; `is_control`: a subledger held against its control accounts."""
    title = str(CHECKS.get(code, code))
    return f"{title}, {_('control accounts')}" if is_control else title


def reason(code: str | None) -> str:
    return str(REASONS.get(code, code)) if code else ""


def _conventions(code: str) -> list[str]:
    found = []
    for part in filter(None, code.split(",")):
        name, _space, account = part.partition(" ")
        found.append(sentence(CONVENTIONS, name, {"account": account}))
    return found
