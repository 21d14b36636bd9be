"""Checks, findings, codes and refusals in a person's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieout.portal.saft.models import SaftFile
from tieout.portal.templatetags.figures import amount
from tieout.reports.saft import CannotExportError

CHECKS = {
    gettext_lazy("Every voucher balances"): {
        "unbalanced_voucher": gettext_lazy("Voucher %(voucher)s is %(amount)s off balance."),
    },
    gettext_lazy("Closing balances are opening and movement"): {
        "closing_balance": gettext_lazy("Account %(account)s: closing is %(amount)s more than opening and movement."),
    },
    gettext_lazy("Totals are those of the vouchers"): {
        "wrong_total": gettext_lazy("%(name)s says %(told)s; the vouchers make %(amount)s."),
    },
    gettext_lazy("Every account is listed, and once"): {
        "unknown_account": gettext_lazy("%(lines)s lines name account %(name)s, which the chart lacks."),
        "duplicate_account": gettext_lazy("Account %(account)s is listed %(times)s times."),
    },
    gettext_lazy("Every VAT code is listed"): {
        "unknown_vat_code": gettext_lazy("%(lines)s lines name VAT code %(name)s, which no register has."),
    },
    gettext_lazy("Every customer and supplier is listed"): {
        "unknown_customer": gettext_lazy("%(lines)s lines name customer %(name)s, which no register has."),
        "unknown_supplier": gettext_lazy("%(lines)s lines name supplier %(name)s, which no register has."),
    },
    gettext_lazy("Every dimension is listed"): {
        "unknown_dimension": gettext_lazy("%(lines)s lines name dimension %(name)s, which no register has."),
    },
}
CATEGORIES = {
    "salgsinntekt": gettext_lazy("Sales revenue"),
    "annenDriftsinntekt": gettext_lazy("Other operating income"),
    "varekostnad": gettext_lazy("Cost of goods"),
    "loennskostnad": gettext_lazy("Payroll cost"),
    "annenDriftskostnad": gettext_lazy("Other operating cost"),
    "finansinntekt": gettext_lazy("Financial income"),
    "finanskostnad": gettext_lazy("Financial cost"),
    "skattekostnad": gettext_lazy("Tax"),
    "balanseverdiForAnleggsmiddel": gettext_lazy("Fixed assets"),
    "balanseverdiForOmloepsmiddel": gettext_lazy("Current assets"),
    "egenkapital": gettext_lazy("Equity"),
    "langsiktigGjeld": gettext_lazy("Long-term liabilities"),
    "kortsiktigGjeld": gettext_lazy("Current liabilities"),
    "resultatDisponeringForSAF-T": gettext_lazy("Appropriation of the result"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of a file: how many findings, and the first of them as sentences."""

    title: str
    findings: int
    sentences: list[str]


def checks_of(file: SaftFile) -> list[Checked]:
    """Every check, whether it found something or not."""
    told: list[tuple[str, Mapping[str, Any]]] = [(kind, facts) for kind, facts in file.found]
    return [
        Checked(
            str(title),
            sum(file.counts.get(kind, 0) for kind in texts),
            list(_sentences(texts, (one for one in told if one[0] in texts))),
        )
        for title, texts in CHECKS.items()
    ]


def _sentences(texts: Mapping[str, Any], found: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    for kind, facts in found:
        shown = dict(facts) | ({"amount": amount(facts["amount"])} if "amount" in facts else {})
        yield str(texts[kind]) % shown


def refused(error: CannotExportError) -> str:
    """What is in the way, and what to do."""
    texts = {
        "parts_of_an_ore": _(
            "%(amounts)s amounts have parts of an øre, the first in voucher %(voucher)s. SAF-T has two decimals, and "
            "rounding would break the vouchers. Correct them in the accounting system, sync, try again."
        ),
        "not_synced": _("The company has no books here yet. Sync it first."),
        "months": _("The last month comes before the first one. Choose another span."),
    }
    return texts[error.why] % error.facts


def month_names(end_month: int) -> list[tuple[int, str]]:
    """The months of a fiscal year that ends in a calendar month, with their places in it."""
    return [(place, str(MONTHS[(end_month + place - 1) % 12 + 1])) for place in range(1, 13)]
