"""The data sets that can be asked for by name (`--size`)."""

from __future__ import annotations

from dataclasses import replace

from tieout.simulator.books.invented.business import CAFE, CONSULTANCY, PLUMBER, REALISTIC, TINY, Business
from tieout.simulator.books.invented.trades import ASSOCIATION, IMPORTER, PROPERTY, SHOP

_FIRM_CLIENTS, _FIRM_MONTHS, _FIRM_TRADE = 40, 24, 3.2
_TRADES = (CONSULTANCY, CAFE, PLUMBER, SHOP, PROPERTY, IMPORTER, ASSOCIATION)


def _clients() -> tuple[Business, ...]:
    """The clients of an accounting firm: each trade again and again, with another name and more or less to do."""
    clients = []
    for number in range(_FIRM_CLIENTS):
        trade = _TRADES[number % len(_TRADES)]
        name = f"{trade.name} {number + 1}" if number >= len(_TRADES) else trade.name
        busy = _FIRM_TRADE * (0.7 + number % 5 * 0.15)
        clients.append(_scaled(replace(trade, key=f"{trade.key} {number + 1}", name=name, months=_FIRM_MONTHS), busy))
    return tuple(clients)


def _scaled(business: Business, factor: float) -> Business:
    """The same business with more or less going on in a month."""
    return replace(
        business,
        hour_invoices=business.hour_invoices * factor,
        goods_invoices=business.goods_invoices * factor,
        contracts=business.contracts * factor,
        imports=business.imports * factor,
        supplier_invoices=business.supplier_invoices * factor,
        expenses=business.expenses * factor,
    )


SIZES: dict[str, tuple[Business, ...]] = {
    "tiny": (TINY,),
    "demo": (CONSULTANCY, CAFE, PLUMBER),
    "realistic": (REALISTIC,),
    "trades": _TRADES,
    "firm": _clients(),
}
