"""Every endpoint that is simulated (contract 6.1-6.8; the parts stand in resources/, by subject)."""

from __future__ import annotations

from tieout.simulator.poweroffice.api.resources import (
    accounts,
    contact_details,
    contacts,
    currencies,
    dimensions,
    incoming,
    ledgers,
    orders,
    outgoing,
    partner,
    products,
    projects,
    settings,
    transactions,
    vouchers,
)

ENDPOINTS = (
    *transactions.ENDPOINTS,
    *accounts.ENDPOINTS,
    *ledgers.ENDPOINTS,
    *outgoing.ENDPOINTS,
    *incoming.ENDPOINTS,
    *orders.ENDPOINTS,
    *contacts.ENDPOINTS,
    *contact_details.ENDPOINTS,
    *projects.ENDPOINTS,
    *products.ENDPOINTS,
    *dimensions.ENDPOINTS,
    *currencies.ENDPOINTS,
    *settings.ENDPOINTS,
    *vouchers.ENDPOINTS,
    *partner.ENDPOINTS,
)
