"""The models as plain files for others: whole or not at all, whenever one looks; old copies go."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.reports.books import HandMade
from tieout.warehouse import sharing


class Office:
    """A company whose bank account grows by ten a sync, and a reader of the copies that knows the manifest alone."""

    def __init__(self, folder: Path) -> None:
        self.books, self.to, self._published = (
            HandMade(folder / "made"),
            folder / "for others",
            folder / "made/published",
        )
        self.books.chart({1920: ("Bank", "Asset"), 3000: ("Salg", "Income")})

    def sync(self) -> None:
        self.books.voucher(date(2026, 1, 5), (1920, "10"), (3000, "-10"))
        with self.books.warehouse.connection() as connection:
            connection.execute("update tieout.streams set touched = touched + 1")
        self.books.warehouse.source("a", connector="poweroffice").publish()

    def share(self) -> sharing.Shared:
        return sharing.share(self._published, self.to)

    def seen(self) -> dict[str, Any]:
        """Bank by two tables, and whether each file that the manifest names is there with its rows."""
        told = json.loads((self.to / "manifest.json").read_text(encoding="utf-8"))
        files = {name: self.to / told["folder"] / f"{name}.parquet" for name in told["tables"]}
        assert all(path.stat().st_size == told["tables"][name]["bytes"] for name, path in files.items())
        ledger = "select sum(amount) from read_parquet(?) where account_no = 1920"
        balance = "select max(closing) from read_parquet(?) where account_no = 1920"
        return {
            "ledger": duckdb.execute(ledger, [str(files["core/postings"])]).fetchall()[0][0],
            "balance": duckdb.execute(balance, [str(files["marts/trial_balance"])]).fetchall()[0][0],
            "verdict": told["verdict"],
            "sync": told["sync"],
            "companies": [one["verdict"] for one in told["companies"]],
            "tables": len(files),
        }


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.sync()
    return made


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four models in place of all, which take seconds."""
    names, every = {"companies", "postings", "trial_balance", "vouchers"}, sharing._models
    monkeypatch.setattr(sharing, "_models", lambda connection: [one for one in every(connection) if one[1] in names])


def test_every_model_is_a_file_and_the_manifest_says_of_which_sync_and_verdict(office: Office) -> None:
    shared = office.share()
    seen = office.seen()
    assert (seen["ledger"], seen["balance"]) == (Decimal("10.0000"), Decimal("10.0000"))
    assert (seen["verdict"], seen["companies"], seen["sync"]) == ("proved", ["proved"], 1)
    assert seen["tables"] == len(list(shared.folder.rglob("*.parquet"))) > 60
    assert sharing.read(office.to) == shared


@pytest.mark.usefixtures("few")
def test_a_reader_never_sees_half(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at before and after every file that is written, while the manifest is written, and while old ones go."""
    office.share()
    before, looks = office.seen(), []
    office.sync()
    for step in ("_write", "_about", "_name", "_prune"):
        monkeypatch.setattr(sharing, step, _looking(getattr(sharing, step), office, looks))
    office.share()
    after = office.seen()
    assert (before["ledger"], after["ledger"]) == (10, 20)
    changed_at = looks.index(after)
    assert changed_at > 8
    assert looks == [before] * changed_at + [after] * (len(looks) - changed_at)


def _looking(step: Any, office: Office, looks: list[dict[str, Any]]) -> Any:
    def done(*given: Any, **named: Any) -> Any:
        looks.append(office.seen())
        found = step(*given, **named)
        looks.append(office.seen())
        return found

    return done


@pytest.mark.usefixtures("few")
def test_one_that_breaks_off_leaves_the_one_before_and_the_next_is_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.share()
    before = office.seen()
    office.sync()
    with monkeypatch.context() as patched:
        patched.setattr(sharing, "_about", _full_disk)
        with pytest.raises(OSError, match="full"):
            office.share()
    assert office.seen() == before
    (office.to / "copies" / ".new" / "marts").mkdir(parents=True)  # what a kill leaves
    office.share()
    assert office.seen()["ledger"] == 20


def _full_disk(*_: Any, **__: Any) -> None:
    raise OSError("the disk is full")


@pytest.mark.usefixtures("few")
def test_two_copies_are_kept_and_none_once_withdrawn(office: Office) -> None:
    folders = [office.share().folder for _ in range(3)]
    assert [folder.exists() for folder in folders] == [False, True, True]
    sharing.withdraw(office.to)
    assert not office.to.exists()
    sharing.withdraw(office.to)
