"""A certificate's content as its page shows it: texts made of codes, dates and amounts read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.portal.certificates import words
from tieout.portal.syncs.tie_outs import TONES

AMOUNTS = ("stored", "vendor", "difference")


def as_shown(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """What the template asks for."""
    content = envelope["content"]
    ledger, tie_out = content["ledger"], content["tie_out"]
    system = content["source"]["system"]
    file = f"certificate-{content['number']}-{content['source']['organisation_number']}.sql"
    return {
        "envelope": envelope,
        "content": content,
        "tone": TONES.get(tie_out["verdict"], "warn"),
        "sentence": words.verdict_sentence(content, system),
        "tied_out_at": datetime.fromisoformat(tie_out["at"]),
        "issued_at": datetime.fromisoformat(content["issued_at"]),
        "balances_of": date.fromisoformat(ledger["date"]) if ledger else None,
        "accounts": [_figures(row) for row in ledger["accounts"]] if ledger else [],
        "checks": [_check(row) for row in content["checks"]],
        "differences": [_figures(row) | {"title": words.check_title(row["check"])} for row in content["differences"]],
        "paragraphs": words.paragraphs(system, ledger, file),
    }


def _figures(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **{name: Decimal(row[name]) for name in AMOUNTS}}


def _check(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": words.check_title(row["check"], is_control=row["is_control"]),
        "on": date.fromisoformat(row["date"]) if row["date"] else None,
        "compared": row["compared"],
        "outcome": words.outcome(row["outcome"]),
        "tone": TONES.get(row["outcome"], "warn"),
        "reason": words.reason(row["reason"]),
    }
