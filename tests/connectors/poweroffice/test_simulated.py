"""The connector against the simulator, over HTTP: whatever a company's books hold, by every stream and under every fault."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.poweroffice.fake import settings
from tests.simulators import Simulator, running_simulator
from tieout.catalog import Ask, How, Page, Stream
from tieout.connectors.base import Secret
from tieout.connectors.errors import (
    ConnectorError,
    NeedsCompanyError,
    NeedsOperatorError,
    NotPermittedError,
    TryLaterError,
    UnexpectedAnswerError,
)
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.poweroffice.client import PowerOfficeReader
from tieout.connectors.poweroffice.streams import BY_NAME, STREAMS
from tieout.connectors.rate_limit import NoLimit

YEAR_END = date(2025, 12, 31)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(throttle=False, seed=2) as running:  # whose company has orders that wait
        yield running


@pytest.fixture
def clean(simulator: Simulator) -> Iterator[Simulator]:
    simulator.reset_requests()
    yield simulator
    simulator.faults()


@contextmanager
def connected(simulator: Simulator, home: Path, page_size: int = 5000) -> Iterator[PowerOfficeReader]:
    """A reader of the first company, without the wait for turns."""
    connector = PowerOffice(settings(home, simulator.url), page_size=page_size, limit=NoLimit())
    yield connector.open(Secret(simulator.company()["client_key"]))


@pytest.fixture(scope="module")
def connector(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> PowerOffice:
    return PowerOffice(settings(tmp_path_factory.mktemp("home"), simulator.url), limit=NoLimit())


@pytest.fixture
def reader(clean: Simulator, connector: PowerOffice) -> PowerOfficeReader:
    return connector.open(Secret(clean.company()["client_key"]))


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.mkdir()
    return path


def rows_of(pages: Iterator[Page]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for page in pages:
        data = page.path.read_bytes()
        found += json.loads(gzip.decompress(data) if page.path.suffix == ".gz" else data)
    return found


def asks(stream: Stream, reader: PowerOfficeReader, spool: Path) -> list[Ask]:
    """Questions that a sync would ask for the first time; of what costs a request each, a few."""
    if stream.how is How.SNAPSHOT:
        return [Ask(stream=stream, on=YEAR_END, parent="EUR" if stream.parent else None)]
    if stream.how is How.PARENTS:
        parents = rows_of(reader.pages(Ask(stream=BY_NAME[stream.parent or ""].stream), spool))
        return [Ask(stream=stream, parent=row["Id"]) for row in parents[:5]]
    return [Ask(stream=stream)]


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_every_stream_can_be_read_and_its_fields_are_those_declared(
    stream: Stream, reader: PowerOfficeReader, spool: Path
) -> None:
    rows = [row for ask in asks(stream, reader, spool) for row in rows_of(reader.pages(ask, spool))]
    declared = {column.field for column in stream.columns}
    assert rows, "an invented company has some of everything"
    assert {field for row in rows for field in row} <= declared
    key = [stream.column(name).field for name in stream.primary_key]
    if all(key):
        assert len({tuple(row[field] for field in key) for row in rows}) == len(rows)
    assert reader.total(Ask(stream=stream)) in (None, len(rows))
    assert reader.throttled == 0


@pytest.mark.parametrize("stream", [stream for stream in STREAMS if stream.changed_by], ids=lambda stream: stream.name)
def test_every_kind_of_change_can_be_asked_for(stream: Stream, reader: PowerOfficeReader, spool: Path) -> None:
    reader.company()
    now = reader.server_time()
    assert now is not None
    for kind in stream.changed_by:
        ahead = Ask(stream=stream, changed_after=now + timedelta(days=1), changed_by=kind)
        assert rows_of(reader.pages(ahead, spool)) == []
        ever = Ask(stream=stream, changed_after=now - timedelta(days=36_500), changed_by=kind)
        everything = {row["Id"] for row in rows_of(reader.pages(Ask(stream=stream), spool))}
        assert {row["Id"] for row in rows_of(reader.pages(ever, spool))} <= everything


@pytest.mark.parametrize("stream", [stream for stream in STREAMS if stream.key_scan], ids=lambda stream: stream.name)
def test_a_scan_of_keys_brings_keys_alone(stream: Stream, reader: PowerOfficeReader, spool: Path) -> None:
    rows = rows_of(reader.pages(Ask(stream=stream, keys_only=True), spool))
    assert {tuple(row) for row in rows} == {("Id",)}


def test_invoices_can_be_asked_for_by_number(reader: PowerOfficeReader, spool: Path) -> None:
    stream = BY_NAME["outgoing_invoices"].stream
    numbers = sorted(row["VoucherNo"] for row in rows_of(reader.pages(Ask(stream=stream), spool)))
    after = rows_of(reader.pages(Ask(stream=stream, number_after=numbers[-3]), spool))
    assert sorted(row["VoucherNo"] for row in after) == numbers[-2:]


@pytest.mark.parametrize("page_size", [7, 5000])
@pytest.mark.parametrize("header", ["camel", "pascal", "none"])
def test_all_postings_come_whatever_the_paging(
    clean: Simulator, tmp_path: Path, spool: Path, page_size: int, header: str
) -> None:
    organisation = clean.company()["organisation_number"]
    clean.options(pagination_keys=header)
    stream = BY_NAME["customers" if page_size == 7 else "account_transactions"].stream
    try:
        with connected(clean, tmp_path, page_size=page_size) as reader:
            rows = rows_of(reader.pages(Ask(stream=stream), spool))
    finally:
        clean.options(pagination_keys="camel")
    counts = clean.truth_counts(organisation)
    assert len({row["Id"] for row in rows}) == len(rows) == counts[BY_NAME[stream.name].path.strip("/")]


def test_balances_are_the_truth(reader: PowerOfficeReader, clean: Simulator) -> None:
    organisation = clean.company()["organisation_number"]
    told = {account: balance for account, balance in reader.trial_balance(YEAR_END).items() if balance}
    assert told == clean.truth_trial_balance(organisation, YEAR_END)
    parties = clean.truth_party_balances(organisation, YEAR_END)
    for check, kind in (("customers", "customer"), ("suppliers", "supplier")):
        balances = {number: balance for number, balance in reader.party_balances(check, YEAR_END).items() if balance}
        assert balances == parties[kind]


def test_the_company_is_the_one_whose_key_it_is(reader: PowerOfficeReader, clean: Simulator) -> None:
    company, expected = reader.company(), clean.company()
    assert (company.name, company.organisation_number) == (expected["name"], expected["organisation_number"])
    assert company.client_id
    assert company.valid_privileges


def test_rates_of_the_home_currency_cost_nothing(reader: PowerOfficeReader, spool: Path) -> None:
    assert list(reader.pages(Ask(stream=BY_NAME["currency_rates"].stream, parent="NOK", on=YEAR_END), spool)) == []
    assert reader.requests == 0


@pytest.mark.parametrize("fault", ["429", "500", "502", "truncated", "expired_token", "no_pagination_header"])
@pytest.mark.parametrize("after", [0, 1])
def test_a_passing_fault_changes_nothing_in_what_comes(
    clean: Simulator, tmp_path: Path, spool: Path, fault: str, after: int
) -> None:
    ask = Ask(stream=BY_NAME["customers"].stream)
    with connected(clean, tmp_path, page_size=7) as reader:
        expected = rows_of(reader.pages(ask, spool))
        clean.faults({"fault": fault, "path": "/Customers", "after": after, "times": 1})
        assert rows_of(reader.pages(ask, spool)) == expected
        assert reader.throttled == (1 if fault == "429" else 0)


@pytest.mark.parametrize(
    ("fault", "error"), [("429", TryLaterError), ("500", TryLaterError), ("truncated", UnexpectedAnswerError)]
)
def test_a_fault_that_stays_says_who_must_act(
    clean: Simulator, reader: PowerOfficeReader, spool: Path, fault: str, error: type[ConnectorError]
) -> None:
    clean.faults({"fault": fault, "path": "/Customers", "times": 99, "seconds": 0})
    with pytest.raises(error):
        list(reader.pages(Ask(stream=BY_NAME["customers"].stream), spool))


def test_a_missing_module_closes_one_stream_and_says_which(clean: Simulator, tmp_path: Path, spool: Path) -> None:
    organisation = clean.company()["organisation_number"]
    clean.options(subscriptions={organisation: ["AccountingNano"]})
    try:
        with connected(clean, tmp_path) as reader:
            assert "Project" in reader.company().invalid_privileges
            with pytest.raises(NotPermittedError, match=r"lacks the module .* \(active modules: AccountingNano\)"):
                list(reader.pages(Ask(stream=BY_NAME["projects"].stream), spool))
            assert rows_of(reader.pages(Ask(stream=BY_NAME["general_ledger_accounts"].stream), spool))
    finally:
        clean.options(subscriptions={})


def test_a_missing_privilege_is_told_apart_from_a_missing_module(clean: Simulator, tmp_path: Path, spool: Path) -> None:
    clean.options(privileges=["Customer", "CommonServices"])
    try:
        with connected(clean, tmp_path) as reader:
            assert rows_of(reader.pages(Ask(stream=BY_NAME["customers"].stream), spool))
            with pytest.raises(NotPermittedError, match="not been granted the privilege Supplier"):
                list(reader.pages(Ask(stream=BY_NAME["suppliers"].stream), spool))
    finally:
        clean.options(privileges=None)


def test_a_wrong_subscription_key_is_the_operators(clean: Simulator, tmp_path: Path) -> None:
    told = settings(tmp_path, clean.url, TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY="wrong")
    with pytest.raises(NeedsOperatorError, match="subscription key"):
        PowerOffice(told).open(Secret(clean.company()["client_key"])).company()


def test_a_withdrawn_approval_is_the_companys(tmp_path: Path) -> None:
    with running_simulator(throttle=False) as simulator, connected(simulator, tmp_path) as reader:
        reader.company()
        simulator.revoke(simulator.company()["organisation_number"], now=True)
        with pytest.raises(NeedsCompanyError):
            reader.company()


def test_at_the_real_limit_there_is_no_refusal(tmp_path: Path, spool: Path) -> None:
    with running_simulator() as simulator:
        connector = PowerOffice(settings(tmp_path, simulator.url), page_size=2)
        reader = connector.open(Secret(simulator.company()["client_key"]))
        pages = iter(reader.pages(Ask(stream=BY_NAME["account_transactions"].stream), spool))
        assert sum(1 for _, _ in zip(range(30), pages, strict=False)) == 30
        pages.close()  # type: ignore[attr-defined]
        assert reader.throttled == simulator.requests()["throttled"] == 0
