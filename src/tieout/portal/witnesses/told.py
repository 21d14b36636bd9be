"""A witness as JSON: the command line and the API tell it alike."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tieout.portal.witnesses.models import Witness


def facts(witness: Witness) -> dict[str, Any]:
    """Which file it is, and how much of it agrees."""
    return {
        "source": str(witness.source_id),
        "witness": witness.pk,
        "file": witness.file_name,
        "sha256": witness.sha256,
        "first": witness.first.isoformat(),
        "last": witness.last.isoformat(),
        "agrees": witness.agrees,
        "accounts": witness.accounts,
        "accounts_apart": witness.accounts_apart,
        "vouchers_equal": witness.vouchers_equal,
        "vouchers_apart": witness.vouchers_apart,
    }


def differences(witness: Witness) -> dict[str, Any]:
    """What differs, as far as it was kept; amounts are kroner in texts."""
    kept = witness.facts
    accounts = [row | {side: _kroner(row[side]) for side in ("stored", "witness")} for row in kept["accounts"]]
    vouchers = [
        row | {"accounts": [[number, _kroner(stored), _kroner(file)] for number, stored, file in row["accounts"]]}
        for row in kept["vouchers"]
    ]
    own = [
        row | ({} if row["what"] == "entries" else {side: _kroner(row[side]) for side in ("said", "holds")})
        for row in kept["contradictions"]
    ]
    return {"accounts": accounts, "vouchers": vouchers, "contradictions": own}


def _kroner(ore: int) -> str:
    return f"{Decimal(ore).scaleb(-2):.2f}"
