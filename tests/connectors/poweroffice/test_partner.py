"""An accounting firm's own key, against the simulator: its clients, and adding the integration to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.poweroffice.fake import settings
from tests.simulators import Simulator, running_simulator
from tieout.connectors.base import FirmsClient, KnowsPartners, Secret
from tieout.connectors.errors import NeedsCompanyError, NotPermittedError
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(size="demo", throttle=False) as running:
        yield running


@pytest.fixture
def firm(simulator: Simulator) -> dict[str, str]:
    told = simulator.companies()[0]
    simulator.options(partner=told["organisation_number"], client_admin="full", added_twice="same key", blocked=[])
    return told


@pytest.fixture
def connector(simulator: Simulator, tmp_path: Path) -> PowerOffice:
    return PowerOffice(settings(tmp_path, simulator.url), limit=NoLimit())


def test_a_firm_lists_its_clients_and_lets_us_in_with_one_yes(
    simulator: Simulator, firm: dict[str, str], connector: PowerOffice
) -> None:
    assert isinstance(connector, KnowsPartners)
    key = Secret(firm["client_key"])
    partner = connector.partner(key)
    granted = connector.open(key).company().valid_privileges
    assert partner.may_list(granted)
    assert partner.may_add(granted)
    clients = partner.clients()
    others = {one["organisation_number"]: one for one in simulator.companies()[1:]}
    assert {one.organisation_number for one in clients} == set(others)
    added = partner.add(clients[0])
    assert added.client_key.reveal() == others[added.organisation_number]["client_key"]
    assert connector.open(added.client_key).company().organisation_number == added.organisation_number
    assert partner.add(clients[0]).client_key.reveal() == added.client_key.reveal()


def test_an_ordinary_key_lists_and_adds_nothing(
    simulator: Simulator, firm: dict[str, str], connector: PowerOffice
) -> None:
    ordinary = Secret(simulator.companies()[1]["client_key"])
    partner = connector.partner(ordinary)
    assert not partner.may_list(connector.open(ordinary).company().valid_privileges)
    with pytest.raises(NotPermittedError):
        partner.clients()
    with pytest.raises(NotPermittedError):
        partner.add(FirmsClient(id="x", name="", organisation_number="", is_active=True))


def test_a_firm_that_may_only_list_adds_nothing(
    simulator: Simulator, firm: dict[str, str], connector: PowerOffice
) -> None:
    simulator.options(client_admin="read")
    key = Secret(firm["client_key"])
    partner = connector.partner(key)
    clients = partner.clients()
    assert clients
    granted = connector.open(key).company().valid_privileges
    assert (partner.may_list(granted), partner.may_add(granted)) == (True, False)
    with pytest.raises(NotPermittedError, match="ClientAdmin_Full"):
        partner.add(clients[0])


def test_a_client_that_the_system_refuses_stops_no_other(
    simulator: Simulator, firm: dict[str, str], connector: PowerOffice
) -> None:
    partner = connector.partner(Secret(firm["client_key"]))
    clients = partner.clients()
    simulator.options(blocked=[clients[0].organisation_number])
    with pytest.raises(NeedsCompanyError, match="approval link"):
        partner.add(clients[0])
    with pytest.raises(NeedsCompanyError):
        partner.add(
            FirmsClient(id="00000000-0000-0000-0000-000000000000", name="", organisation_number="", is_active=True)
        )
    assert partner.add(clients[1]).organisation_number == clients[1].organisation_number
