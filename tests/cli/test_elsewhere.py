"""Commands that go to a server: what they print and how they end is what they print and how they end on its own machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import stamina

from tests.connectors.fake_server import Reply, fake_server
from tests.programs import Installation, serving
from tests.simulators import running_simulator
from tieout.cli import main, remote
from tieout.config import SettingsError, load

TOKENS = """
from tieout import config
from tieout.cli import home
with home.portal(config.load()):
    from tieout.portal.feeds.actions import make_token
    from tieout.portal.people.models import Person
    from tieout.portal.workspaces.models import Workspace
    for scope in ("manage", "read"):
        print(make_token(Workspace.objects.get(), Person.objects.get(), name="Fixture", days=1, scope=scope)[1])
"""
SQL = "select account_no, sum(amount) as amount, min(posting_date) as first from core.postings group by 1 order by 1"
SAME = (
    ("source", "list", "--json"),
    ("query", SQL, "--format", "json"),
    ("query", SQL, "--format", "csv"),
    ("query", "select * from tieout.syncs order by id limit 3"),
    ("source", "changes", "{number}", "--since", "Fixture report", "--json"),
)


@dataclass
class Elsewhere:
    """A server with one company, and what its own machine's commands printed before it was started."""

    url: str
    number: str
    client_key: str
    manage: str
    read: str
    printed: dict[tuple[str, ...], str]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    with running_simulator(size="tiny", throttle=False) as simulator:
        installation = Installation(tmp_path_factory.mktemp("elsewhere") / "home", simulator.url)
        installation.home.mkdir()
        key = simulator.companies()[0]["client_key"]
        number = installation.add_company(key)["organisation_number"]
        installation.add_person("owner@example.com", role="owner", password="a long fixture passphrase")
        installation.events("source", "sync", "--all")
        installation.run("source", "stamp", number, "--date", "2026-01-31", "--name", "Fixture report")
        printed = {words: installation.run(*_of(words, number)).stdout for words in SAME}
        told = subprocess.run(
            [sys.executable, "-c", TOKENS], env=installation.environment, capture_output=True, text=True, check=True
        )
        manage, read = told.stdout.split()
        with serving(installation) as server:
            yield Elsewhere(server.url, number, key, manage, read, printed)


@pytest.fixture
def ask(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """Runs a command for that server; gives its exit code, stdout and stderr."""

    def run(*words: str, token: str = elsewhere.manage) -> tuple[int, str, str]:
        monkeypatch.setenv("TIEOUT_SERVER", elsewhere.url)
        monkeypatch.setenv("TIEOUT_API_TOKEN", token)
        code = main(_of(words, elsewhere.number))
        told = capfd.readouterr()
        assert token not in told.out + told.err
        return code, told.out, told.err

    return run


def _of(words: tuple[str, ...], number: str) -> list[str]:
    return [word.replace("{number}", number) for word in words]


def _without_times(printed: str) -> list[dict[str, Any]]:
    """The server syncs by its own clock meanwhile."""
    return [json.loads(line) | {"last_complete_at": None} for line in printed.splitlines()]


@pytest.mark.parametrize("words", SAME)
def test_the_same_is_printed_as_on_the_machine_itself(elsewhere: Elsewhere, ask: Any, words: tuple[str, ...]) -> None:
    code, printed, _ = ask(*words)
    assert code == 0
    if words[:2] == ("source", "list"):
        assert _without_times(printed) == _without_times(elsewhere.printed[words])
    else:
        assert printed == elsewhere.printed[words]


def test_a_sync_tells_its_events_and_ends_with_the_verdict(elsewhere: Elsewhere, ask: Any) -> None:
    code, printed, _ = ask("source", "sync", "--all", "--skip", "projects", "--json")
    events = [json.loads(line) for line in printed.splitlines()]
    assert all(event["organisation_number"] == elsewhere.number and event["at"] for event in events)
    assert [event["event"] for event in events[-2:]] == ["sync_finished", "tie_out"]
    assert events[-1]["verdict"] == "proved"
    assert code == 0
    streams = {event["stream"] for event in events if event["event"] == "stream_started"}
    assert "account_transactions" in streams
    assert "projects" not in streams


def test_a_day_is_tied_out_and_people_read_the_verdict(ask: Any) -> None:
    code, printed, said = ask("source", "tie-out", "{number}", "--date", "2026-01-31")
    assert (code, printed) == (0, "")
    assert "= Proved" in said


def test_a_stamp_is_made_and_its_changes_are_told(ask: Any) -> None:
    code, printed, _ = ask("source", "stamp", "{number}", "--date", "2026-02-28", "--name", "From elsewhere", "--json")
    made = json.loads(printed)
    assert (code, made["name"], made["date"]) == (0, "From elsewhere", "2026-02-28")
    code, printed, _ = ask("source", "changes", "{number}", "--since", made["stamp"], "--json")
    assert code == 0
    assert json.loads(printed) == made | {"traced": True, "accounts": [], "vouchers": [], "vouchers_in_all": 0}
    assert ask("source", "stamp", "{number}", "--date", "2026-02-28", "--name", "From elsewhere")[0] == 2


def test_what_is_wrong_ends_as_on_the_machine_itself(elsewhere: Elsewhere, ask: Any, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(elsewhere.client_key)
    code, _, said = ask("source", "add", "poweroffice", "--client-key-file", str(key))
    assert (code, "already" in said) == (2, True)
    key.write_text("00000000-0000-4000-8000-000000000000")
    assert ask("source", "add", "poweroffice", "--client-key-file", str(key))[0] == 3
    odd = tmp_path / "odd.xml"
    odd.write_text("<books/>")
    assert ask("source", "witness", "{number}", str(odd))[0] == 2
    assert ask("query", "delete from core.postings")[0] == 2
    assert ask("query", "select 1", "--as-of", "1")[0] == 2
    assert ask("source", "sync", "nobody")[0] == 2
    assert ask("source", "list", "--workspace", "Defualt")[0] == 2
    assert ask("source", "list", "--workspace", "Default")[0] == 0


def test_a_token_may_what_it_may(elsewhere: Elsewhere, ask: Any) -> None:
    assert ask("query", "select count(*) as n from core.postings", token=elsewhere.read)[0] == 0
    code, _, said = ask("source", "sync", "--all", token=elsewhere.read)
    assert (code, "only read" in said) == (2, True)
    assert ask("source", "list", token="tieout_no_such_token")[0] == 2


def test_status_is_told_without_the_machine(elsewhere: Elsewhere, ask: Any) -> None:
    code, printed, _ = ask("status")
    assert code == 0
    assert elsewhere.number in printed
    assert "Disk" not in printed


def test_what_acts_on_this_machine_is_not_done_elsewhere(ask: Any) -> None:
    for words in (("serve",), ("backup", "x"), ("user", "add", "x@example.com"), ("doctor",)):
        code, _, said = ask(*words)
        assert (code, "TIEOUT_SERVER" in said) == (2, True)


def test_a_source_is_removed_last(ask: Any) -> None:
    code, printed, said = ask("source", "remove", "{number}", "--delete-data")
    assert (code, printed) == (0, "")
    assert "is removed." in said
    assert ask("source", "list", "--json")[1] == ""


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TIEOUT_API_TOKEN", "fixture")
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


@pytest.mark.usefixtures("soon")
def test_a_server_that_starts_anew_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"version": "1", "incidents_open": [], "sources": []}
    replies = [Reply(502, b"starting"), Reply.of(told, headers={"Content-Type": "application/json"})]
    with fake_server(lambda _asked: replies.pop(0)) as server:
        monkeypatch.setenv("TIEOUT_SERVER", server.url)
        assert main(["status"]) == 0
    assert replies == []


@pytest.mark.usefixtures("soon")
def test_nobody_there_is_try_later_and_another_page_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIEOUT_SERVER", "http://127.0.0.1:9")
    assert main(["status"]) == 4
    with fake_server(lambda _asked: Reply(200, b"<html>")) as server:
        monkeypatch.setenv("TIEOUT_SERVER", server.url)
        assert main(["status"]) == 2
    assert "fixture" not in capfd.readouterr().err


def test_a_post_that_is_sent_again_has_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    stamina.set_testing(True, attempts=3)
    seen = list[str]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["Idempotency-Key"])
        return httpx2.Response(503) if len(seen) == 1 else httpx2.Response(201, json={})

    http = httpx2.Client(base_url="http://127.0.0.1/api/v1/", transport=httpx2.MockTransport(answer))
    remote.Remote(http, "fixture")._ask("POST", "sources", body={})
    stamina.set_testing(False)
    assert len(seen) == 2
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    ("server", "token", "why"),
    [
        ("http://books.example.com", "fixture", "https"),
        ("https://books.example.com", "", "Feeds"),
        ("https://books.example.com", "a token\n", "no token"),
    ],
)
def test_a_server_is_named_whole_and_over_https(server: str, token: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why) as told:
        load({"TIEOUT_SERVER": server, "TIEOUT_API_TOKEN": token})
    assert not token or token not in str(told.value)
