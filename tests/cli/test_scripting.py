"""The program against docs/reference/scripting.md: commands, settings, exit codes, JSON shapes, files."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.programs import Installation, serving
from tests.simulators import Simulator, running_simulator
from tieout.cli import parser

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "scripting.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(size="tiny", throttle=False) as running:
        yield running


@pytest.fixture(scope="module")
def installation(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One company, synced once by the command line."""
    made = Installation(tmp_path_factory.mktemp("scripting") / "home", simulator.url)
    made.home.mkdir()
    made.add_company(simulator.companies()[0]["client_key"])
    made.events("source", "sync", "--all")
    return made


def test_every_command_of_the_page_is_there() -> None:
    commands = next(action.choices for action in parser()._actions if hasattr(action, "choices") and action.choices)
    told = {"serve", "demo", "simulate", "source", "query", "user", "keys", "backup", "restore", "warehouse", "status"}
    assert set(commands) == told | {"certificate", "saft", "doctor", "probe"}
    acts = next(action.choices for action in commands["source"]._actions if getattr(action, "choices", None))  # type: ignore[index]
    assert set(acts) == {"list", "add", "sync", "tie-out", "witness", "remove", "stamp", "changes"}


def test_every_setting_of_the_page_is_read_and_no_other() -> None:
    config = (Path(__file__).parents[2] / "src" / "tieout" / "config.py").read_text()
    read = {f"TIEOUT_{name}" for name in re.findall(r'value\(\s*"([A-Z_]+)"', config)} | {"TIEOUT_HOME"}
    assert read == set(re.findall(r"TIEOUT_[A-Z_]+", PAGE))


def test_the_same_company_again_is_exit_2_and_changes_nothing(simulator: Simulator, installation: Installation) -> None:
    key = installation.home.parent / "again.key"
    key.write_text(simulator.companies()[0]["client_key"])
    before = installation.run("source", "list", "--json").stdout
    installation.run("source", "add", "poweroffice", "--client-key-file", str(key), code=2)
    assert installation.run("source", "list", "--json").stdout == before


def test_a_workspace_that_is_not_there_is_exit_2_and_is_not_made(installation: Installation) -> None:
    for command in (["source", "list"], ["source", "sync", "--all"], ["query", "select 1"]):
        installation.run(*command, "--workspace", "Defualt", code=2)
    installation.run("source", "list")  # two would have to be told apart


def test_a_wrong_key_is_the_companys_to_mend(installation: Installation) -> None:
    key = installation.home.parent / "wrong.key"
    key.write_text("00000000-0000-4000-8000-000000000000")
    done = installation.run("source", "add", "poweroffice", "--client-key-file", str(key), code=3)
    assert key.read_text() not in done.stdout + done.stderr


def test_a_refused_subscription_key_is_the_operators_to_mend(simulator: Simulator, tmp_path: Path) -> None:
    other = Installation(tmp_path / "home", simulator.url, {"TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY": "not-the-right-one"})
    key = tmp_path / "key"
    key.write_text(simulator.companies()[0]["client_key"])
    done = other.run("source", "add", "poweroffice", "--client-key-file", str(key), code=2)
    assert "not-the-right-one" not in done.stderr


def test_nothing_listening_is_try_later(tmp_path: Path) -> None:
    other = Installation(tmp_path / "home", "http://127.0.0.1:9")
    key = tmp_path / "key"
    key.write_text("00000000-0000-4000-8000-000000000000")
    other.run("source", "add", "poweroffice", "--client-key-file", str(key), code=4)


def test_a_sync_tells_one_event_a_line_and_ends_with_the_tie_out(
    simulator: Simulator, installation: Installation
) -> None:
    events = installation.events("source", "sync", "--all")
    number = simulator.companies()[0]["organisation_number"]
    assert all(
        event["organisation_number"] == number and event["event"] and event["at"] and event["source"]
        for event in events
    )
    finished, tie_out = events[-2:]
    assert finished["event"] == "sync_finished"
    assert finished["outcome"] == "succeeded"
    assert {"rows", "requests", "throttled", "seconds"} <= set(finished)
    assert tie_out["event"] == "tie_out"
    assert tie_out["verdict"] == "proved"
    assert tie_out["differences"] == []
    assert all(set(check) >= {"check", "date", "compared", "outcome", "reason"} for check in tie_out["checks"])


def test_skipped_streams_are_not_asked(simulator: Simulator, installation: Installation) -> None:
    simulator.reset_requests()
    installation.events(
        "source", "sync", "--all", "--full", "--skip", "outgoing_invoice_lines", "--skip", "projects", code=None
    )
    asked = simulator.requests()["by_path"]
    assert "Projects" not in asked
    assert "OutgoingInvoices/Lines" not in asked
    assert asked["Customers"] >= 1


def test_what_is_stored_is_the_simulators_truth(simulator: Simulator, installation: Installation) -> None:
    installation.events("source", "sync", "--all")
    counts = simulator.truth_counts(simulator.companies()[0]["organisation_number"])
    stored = installation.query(
        "select (select count(*) from raw_poweroffice.account_transactions) as transactions,"
        " (select count(*) from raw_poweroffice.outgoing_invoice_lines) as lines"
    )
    assert stored == [{"transactions": counts["AccountTransactions"], "lines": counts["OutgoingInvoices/Lines"]}]


def test_amounts_leave_as_exact_text(installation: Installation) -> None:
    (row,) = installation.query(
        "select cast(0.10 as decimal(18,4)) as amount, 9007199254740993 as great, 1 as small, date '2026-01-02' as d"
    )
    assert row["amount"] == "0.1000"
    assert row["great"] == "9007199254740993"
    assert row["small"] == 1
    assert row["d"] == "2026-01-02"


@pytest.mark.parametrize(
    "sql",
    [
        "select read_text('/etc/hostname')",
        "copy (select 1) to '/tmp/leak.csv'",
        "attach '/tmp/other.duckdb'",
        "drop table raw_poweroffice.customers",
        "set enable_external_access = true",
        "nonsense",
    ],
)
def test_a_query_reads_this_warehouse_and_nothing_else(installation: Installation, sql: str) -> None:
    installation.run("query", sql, code=2)


def test_beside_a_running_server_query_reads_the_published_copy_and_the_rest_is_exit_4(
    installation: Installation,
) -> None:
    sql = "select count(*) as n, sum(amount) as s from raw_poweroffice.account_transactions"
    models = "select account_no, closing, verdict from marts.trial_balance order by month, account_no"
    alone, figures = installation.query(sql), installation.query(models)
    assert figures
    with serving(installation) as server:
        assert installation.query(sql) == alone
        assert installation.query(models) == figures
        refused = installation.run("source", "sync", "--all", code=4)
        assert str(server.process.pid) in refused.stderr


def test_files_are_where_the_page_says(installation: Installation) -> None:
    home = installation.home
    for name in ("lock", "app.db", "limits.db", "secret.key"):
        assert (home / name).is_file(), name
    assert (home / "secret.key").stat().st_mode & 0o077 == 0
    assert list((home / "warehouse").glob("*.duckdb"))
    with duckdb.connect(str(next((home / "published").glob("*/published.duckdb"))), read_only=True) as published:
        tables: list[Any] = published.execute(
            "select table_name from information_schema.tables where table_schema = 'raw_poweroffice'"
        ).fetchall()
    assert ("account_transactions",) in tables


def test_the_client_key_is_nowhere_in_the_home_folder(simulator: Simulator, installation: Installation) -> None:
    key = simulator.companies()[0]["client_key"].encode()
    assert not [path for path in installation.home.rglob("*") if path.is_file() and key in path.read_bytes()]


def test_rotating_keys_keeps_sources_working(installation: Installation) -> None:
    before = (installation.home / "secret.key").read_bytes()
    installation.run("keys", "rotate")
    assert (installation.home / "secret.key").read_bytes() != before
    assert installation.events("source", "tie-out", "--all")[-1]["verdict"] == "proved"


def test_an_interrupted_command_says_so_and_the_next_one_goes_on(simulator: Simulator, tmp_path: Path) -> None:
    other = Installation(tmp_path / "home", simulator.url)
    other.home.mkdir()
    other.add_company(simulator.companies()[0]["client_key"])
    child = subprocess.Popen(
        [sys.executable, "-m", "tieout.cli", "source", "sync", "--all", "--json"],
        env=other.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line)["event"] == "stream_finished":
            os.kill(child.pid, signal.SIGINT)
            break
    child.communicate(timeout=60)
    assert child.returncode == 4
    assert other.events("source", "sync", "--all")[-1]["verdict"] == "proved"


@pytest.mark.parametrize(
    "sql",
    [
        "select content from read_text('{home}/secret.key')",
        "select * from glob('{home}/*')",
        "attach '{home}/app.db' as other",
        "copy (select 1) to '{home}/warehouse/written.csv'",
        "select 1; copy (select 1) to '{home}/warehouse/written.csv'",
    ],
)
def test_a_query_reaches_nothing_but_its_workspace(installation: Installation, sql: str) -> None:
    installation.run("query", sql.format(home=installation.home), code=2)
    assert not (installation.home / "warehouse" / "written.csv").exists()


def test_files_of_a_home_are_for_their_owner_even_where_the_folder_was_open_to_all(installation: Installation) -> None:
    files = [path for path in installation.home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {path.name for path in files if path.stat().st_mode & 0o077} == set()


def test_a_sync_whose_reader_has_gone_claims_no_verdict(installation: Installation) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "tieout.cli", "source", "sync", "--all", "--json"],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=60) == 128 + signal.SIGPIPE
