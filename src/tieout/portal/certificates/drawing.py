"""A certificate as PDF: A4, our own font, exact figures in the language of the page, and its JSON attached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tieout.portal.certificates import words
from tieout.portal.certificates.sheet import INK, QUIET, Pages
from tieout.portal.syncs.words import GRADES, stream_title
from tieout.portal.templatetags.figures import amount, count, organisation_number
from tieout.sync.certificate.attached import attachment

TONES = {"proved": (20, 110, 70), "not_proved": (176, 32, 32), "could_not_check": (138, 90, 0)}
SIGNS = {"proved": "=", "not_proved": "≠", "could_not_check": "?"}


def draw(envelope: Mapping[str, Any]) -> bytes:
    """The PDF of a certificate, in the language of this thread and the zone that the certificate names."""
    content = envelope["content"]
    title = _("Certificate %(number)s of a tie-out") % {"number": content["number"]}
    pages = Pages(f"{title} · {content['source']['name']} · SHA-256 {envelope['sha256'][:16]}…")
    pages.set_title(f"{title}, {content['source']['name']}")
    pages.set_author(content["workspace"])
    pages.set_creator(f"Tieout {content['versions']['tieout']}")
    pages.set_lang(content["language"])
    _opening(pages, content, title)
    _checks(pages, content)
    _accounts(pages, content)
    _differences(pages, content)
    _streams(pages, content)
    for head, told in _paragraphs(content):
        pages.head(head)
        pages.points(told)
    _seal(pages, envelope)
    data = attachment(envelope)
    pages.embed_file(
        bytes=data, basename=f"certificate-{content['number']}.json", compress=False, desc="Tieout certificate"
    )
    return bytes(pages.output())


def exact(text: str, zone: str) -> str:
    """A time to the second, with its zone and offset from UTC."""
    at = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    offset = at.strftime("%z")
    return f"{day(at.date())} {at:%H:%M:%S} ({zone}, UTC{offset[:3]}:{offset[3:]})"


def day(value: date | str | None) -> str:
    """A date in the language of the page."""
    if not value:
        return "–"
    return date_format(
        date.fromisoformat(value) if isinstance(value, str) else value, pgettext("certificate date", "j M Y")
    )


def _opening(pages: Pages, content: Mapping[str, Any], title: str) -> None:
    source, tie_out, ledger = content["source"], content["tie_out"], content["ledger"]
    pages.say("Tieout", size=8, bold=True, tone=QUIET, after=2)
    pages.say(title, size=17, bold=True, after=1.5)
    pages.say(f"{source['name']} · {organisation_number(source['organisation_number'])}", size=11, after=3)
    tone = TONES.get(tie_out["verdict"], INK)
    pages.say(
        f"{SIGNS.get(tie_out['verdict'], '?')}  {content['words']['verdict']}", size=12, bold=True, tone=tone, after=3
    )
    by = content["issued_by"]
    before, zone, sync = content["previous"], content["zone"], _("Sync")
    told = [
        (_("Compared with"), source["system"]),
        (_("Compared at"), exact(tie_out["at"], zone)),
        (_("Balances of"), day(ledger and ledger["date"])),
        (_("Accounts, postings, vouchers"), _counted(ledger)),
        (_("Workspace"), content["workspace"]),
        (_("Exported by"), f"{by['name']} ({by['email']})" if by else _("the command line")),
        (_("Exported at"), exact(content["issued_at"], zone)),
        (_("Versions"), f"Tieout {content['versions']['tieout']} · {sync} {tie_out['sync']}"),
        (_("Certificate before this"), f"{before['number']} ({before['sha256']})" if before else _("none; this is the first")),
    ]  # fmt: skip
    if tie_out["carried_from"]:
        told.insert(2, (_("Whole check"), exact(tie_out["carried_from"], zone)))
    pages.facts(told)


def _counted(ledger: Mapping[str, Any] | None) -> str:
    if not ledger:
        return _("no ledger was compared")
    held = ledger["postings"]
    return " · ".join(count(number) for number in (len(ledger["accounts"]), held["rows"], held["vouchers"]))


def _checks(pages: Pages, content: Mapping[str, Any]) -> None:
    pages.head(_("What was compared"))
    rows = [
        (
            words.check_title(row["check"], is_control=row["is_control"]),
            day(row["date"]),
            count(row["compared"]),
            words.outcome(row["outcome"]) + (f": {words.reason(row['reason'])}" if row["reason"] else ""),
        )
        for row in content["checks"]
    ]
    pages.rows((_("Check"), _("Date"), _("Compared"), _("Outcome")), rows, (64, 24, 22, 68), "LRRL")


def _accounts(pages: Pages, content: Mapping[str, Any]) -> None:
    ledger = content["ledger"]
    pages.head(_("Accounts"))
    if not ledger or not ledger["accounts"]:
        pages.say(_("No account could be compared."))
        return
    pages.say(
        _("Closing balances of %(date)s. Debit positive, in the company’s currency.") % {"date": day(ledger["date"])},
        size=8.5,
    )
    rows = [_account(row) for row in ledger["accounts"]]
    heads = (_("Account"), _("Name"), _("Ledger sum"), content["source"]["system"], _("Difference"))
    pages.rows([*heads], rows, (18, 66, 32, 34, 28), "LLRRR")


def _account(row: Mapping[str, Any]) -> tuple[str, ...]:
    figures = (amount(row[name]) for name in ("stored", "vendor", "difference"))
    return str(row["account_no"]), row["name"], *figures


def _differences(pages: Pages, content: Mapping[str, Any]) -> None:
    if not content["differences"]:
        return
    pages.head(_("Differences"))
    rows = [
        (
            words.check_title(row["check"]),
            day(row["date"]),
            " ".join(str(part) for part in (row["number"], row["name"]) if part not in (None, "")),
            *(amount(row[name]) for name in ("stored", "vendor", "difference")),
        )
        for row in content["differences"]
    ]
    heads = (_("Check"), _("Date"), _("What"), _("Stored"), content["source"]["system"], _("Difference"))
    pages.rows(heads, rows, (32, 22, 44, 28, 28, 24), "LRLRRR")


def _streams(pages: Pages, content: Mapping[str, Any]) -> None:
    if not content["streams"]:
        return
    pages.head(_("What is stored, and how far it is proved"))
    rows = [(stream_title(row["stream"]), count(row["rows"]), _grade(row)) for row in content["streams"]]
    pages.rows((_("Stream"), _("Rows"), _("Proof")), rows, (78, 30, 70), "LRL")


def _grade(row: Mapping[str, Any]) -> str:
    if row["holds"] is False:
        return _("Differs")
    if row["grade"] != "not_checkable" and row["holds"] is None:
        return _("Couldn’t check")
    return str(GRADES.get(row["grade"], row["grade"]))


def _paragraphs(content: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    told = content["words"]
    return [
        (_("Scope"), told["scope"]),
        (_("Method"), told["method"]),
        (_("What this does not prove"), told["limits"]),
    ]


def _seal(pages: Pages, envelope: Mapping[str, Any]) -> None:
    content = envelope["content"]
    pages.head(_("Parameters and seal"))
    ledger = content["ledger"]
    told = []
    if ledger:
        parameters = ledger["parameters"]
        told = [
            (_("Differs from"), amount(parameters["tolerance"])),
            (_("Fiscal year from"), day(parameters["fiscal_year_from"])),
            (_("SHA-256 of the postings"), ledger["postings"]["sha256"]),
        ]
    pages.facts(
        [
            *told,
            (_("SHA-256 of the compared set"), content["compared_sha256"]),
            (_("SHA-256 of the content"), envelope["sha256"]),
            (_("Public key (Ed25519)"), envelope["public_key"]),
        ],
    )
    pages.ln(1.5)
    pages.points(content["words"]["canonical_form"])
    pages.head(_("How to check it"))
    pages.points(words.ways_to_check(f"certificate-{content['number']}-{content['source']['organisation_number']}.sql"))
