"""What a witness said, as its page shows it: in words, amounts in kroner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from tieout.portal.templatetags.figures import amount, count
from tieout.portal.witnesses.models import Witness

WHATS: dict[str, Any] = {
    "opening": _("Opening balance"),
    "movement": _("Movement"),
    "closing": _("Closing balance"),
    "debit": _("Sum of debit"),
    "credit": _("Sum of credit"),
    "entries": _("Number of vouchers"),
}
SHAPES: dict[str, Any] = {
    "missing": _("Missing in the warehouse"),
    "extra": _("Not in the file"),
    "changed": _("Other amounts"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One difference: figures in kroner, debit positive."""

    title: str
    what: str
    stored: Decimal
    witness: Decimal
    month: date | None = None

    @property
    def difference(self) -> Decimal:
        """Stored less the file's."""
        return self.stored - self.witness


def accounts(witness: Witness) -> list[Row]:
    """Balances that differ, by account."""
    return [
        Row(
            f"{row['account_no']} {row['name']}".strip(),
            str(WHATS[row["what"]]),
            _kroner(row["stored"]),
            _kroner(row["witness"]),
        )
        for row in witness.facts["accounts"]
    ]


def vouchers(witness: Witness) -> list[dict[str, Any]]:
    """Vouchers that differ, each with its accounts."""
    return [
        {
            "number": told["number"],
            "month": date.fromisoformat(f"{told['month']}-01"),
            "shape": str(SHAPES[told["shape"]]),
            "rows": [Row(str(no), "", _kroner(stored), _kroner(file)) for no, stored, file in told["accounts"]],
        }
        for told in witness.facts["vouchers"]
    ]


def contradictions(witness: Witness) -> list[dict[str, Any]]:
    """Where the file does not add up by itself, as figures in words."""
    return [
        {
            "title": str(row["account_no"] or ""),
            "what": str(WHATS[row["what"]]),
            "said": _figure(row["what"], row["said"]),
            "holds": _figure(row["what"], row["holds"]),
        }
        for row in witness.facts["contradictions"]
    ]


def _figure(what: str, value: int) -> str:
    return count(value) if what == "entries" else amount(_kroner(value))


def _kroner(ore: int) -> Decimal:
    return Decimal(ore).scaleb(-2)


def _both(row: dict[str, Any]) -> tuple[Decimal, Decimal]:
    return _kroner(row["stored"]), _kroner(row["witness"])
