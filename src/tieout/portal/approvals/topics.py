"""What a connector reads, in an approver's words: a table from topics to streams."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tieout.connectors.base import Connector

TOPICS: tuple[tuple[Promise, frozenset[str]], ...] = (
    (_("Vouchers, postings and chart of accounts"), frozenset({"account_transactions", "general_ledger_accounts"})),
    (_("Customers, suppliers and open items"), frozenset({"customers", "suppliers", "customer_ledger_entries"})),
    (_("Invoices and orders"), frozenset({"outgoing_invoices", "incoming_invoices", "sales_orders"})),
    (_("Projects, products and departments"), frozenset({"projects", "products", "departments"})),
)
PEOPLE = "employees"


def topics(connector: Connector) -> list[str]:
    """What is read. A connector none of whose streams is in the table is told by its streams' own names."""
    streams = {stream.name for stream in connector.streams}
    known = [str(label) for label, names in TOPICS if names & streams]
    return known or [name.replace("_", " ").capitalize() for name in sorted(streams)]


def reads_people(connector: Connector) -> bool:
    """Whether names and numbers of employees are among what is read."""
    return any(stream.name == PEOPLE for stream in connector.streams)
