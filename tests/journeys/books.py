"""Small companies for journeys: each a SAF-T file of its own, so that a first sync takes seconds and names are known."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

from tests.simulator.books.files import account, line, party, saft, transaction
from tieout.simulator.books.numbers import organisation_number

NAMES = (
    *("Ask", "Bjørk", "Dragonfly", "Einer", "Furu", "Gran", "Hassel"),
    *("Iris", "Kornblå", "Lind", "Myrull", "Nype", "Osp", "Pil"),
)
VOUCHERS = 40


def companies(folder: Path, *, count: int = len(NAMES)) -> list[Path]:
    """Files of so many companies, "Fixture Ask AS" and so on, each with a valid organisation number."""
    numbers = Random(8)
    paths = []
    for name in NAMES[:count]:
        path = folder / f"{name}.xml"
        path.write_text(_books(name, organisation_number(numbers)), encoding="utf-8")
        paths.append(path)
    return paths


def voucher_text(name: str, number: int) -> str:
    """What the company's voucher says; nothing else says it."""
    return f"Båtleie {name} {number}"


def _books(name: str, number: str) -> str:
    amounts = [Decimal(1000 + 37 * one) + Decimal("0.05") * one for one in range(1, VOUCHERS + 1)]
    text = saft(
        accounts="".join((account("1500"), account("1920", opening="50000"), account("2050", opening="-50000")))
        + account("3000", closing=f"{-sum(amounts)}"),
        parties=f"<Customers>{party('Customer', '10001', account='1500')}</Customers>",
        entries="".join(_sale(name, one, amount) for one, amount in enumerate(amounts, 1)),
    )
    return text.replace(">999999999<", f">{number}<").replace(">Fixture AS<", f">Fixture {name} AS<")


def _sale(name: str, number: int, amount: Decimal) -> str:
    month, day = (number - 1) % 12 + 1, number % 28 + 1
    told = transaction(
        str(number),
        line("1500", f"{amount}", "<CustomerID>10001</CustomerID>"),
        line("3000", f"-{amount}"),
        on=f"2025-{month:02}-{day:02}",
        period=str(month),
    )
    return told.replace(f"Bilag {number}<", f"{voucher_text(name, number)}<")
