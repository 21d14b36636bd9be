"""Every endpoint that is simulated (contract 6.1-6.8; the parts stand in resources/, by subject)."""

from __future__ import annotations

from tieout.simulator.poweroffice.api.resources import (
    accounts,
    contacts,
    currencies,
    dimensions,
    incoming,
    ledgers,
    orders,
    outgoing,
    products,
    projects,
    settings,
    transactions,
)

ENDPOINTS = (
    *transactions.ENDPOINTS,
    *accounts.ENDPOINTS,
    *ledgers.ENDPOINTS,
    *outgoing.ENDPOINTS,
    *incoming.ENDPOINTS,
    *orders.ENDPOINTS,
    *contacts.ENDPOINTS,
    *projects.ENDPOINTS,
    *products.ENDPOINTS,
    *dimensions.ENDPOINTS,
    *currencies.ENDPOINTS,
    *settings.ENDPOINTS,
)
