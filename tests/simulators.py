"""A simulated PowerOffice Go for tests: the real program in a process of its own, and its control."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2

from tieout.simulator.poweroffice import arguments, serve
from tieout.simulator.poweroffice.app import application

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)  # a Monday: books' months and VAT terms are in every state
SUBSCRIPTION_HEADER = "Ocp-Apim-Subscription-Key"


@contextmanager
def running_simulator(
    *,
    size: str = "tiny",
    seed: int = 1,
    books: Sequence[Path] = (),
    now: datetime | None = NOW,
    latency_ms: float = 0,
    throttle: bool = True,
    control: bool = True,
    live: bool = False,
    state: Path | None = None,
    port: int = 0,
    thread: bool = False,
) -> Iterator[Simulator]:
    """`python -m tieout.simulator` until the block ends. `books`: those files' companies only.

    `now` None: the machine's clock. `thread`: in this process, which starts ten times as fast.
    Raises AssertionError where it does not start.
    """
    words = ["--port", str(port), "--seed", str(seed), "--latency-ms", str(latency_ms)]
    words += ["--books", *map(str, books)] if books else ["--size", size]
    words += ["--now", now.isoformat()] if now else []
    words += ["--no-throttle"] if not throttle else []
    words += ["--control"] if control else []
    words += ["--live"] if live else []
    words += ["--state", str(state)] if state else []
    with (_in_thread if thread else _in_process)(words) as simulator:
        yield simulator


@contextmanager
def _in_process(words: Sequence[str]) -> Iterator[Simulator]:
    with tempfile.TemporaryFile("w+") as told:
        child = subprocess.Popen(
            [sys.executable, "-m", "tieout.simulator", *words], stdout=subprocess.PIPE, stderr=told, text=True
        )
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            told.seek(0)
            assert "http://" in line, f"the simulator did not start: {told.read()}"
            with Simulator(line[line.index("http://") :].strip(), child) as simulator:
                yield simulator
        finally:
            child.terminate()
            child.wait(timeout=10)
            if child.stdout is not None:
                child.stdout.close()


@contextmanager
def _in_thread(words: Sequence[str]) -> Iterator[Simulator]:
    """The same program without a process of its own: starts ten times as fast, shares our interpreter."""
    parser = argparse.ArgumentParser()
    arguments.add_arguments(parser)
    told = parser.parse_args(words)
    with serve.listen(told.port) as listener:
        service, _ = serve.start(told)
        server = serve.server(application(service, control=told.control))
        runner = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        runner.start()
        try:
            with Simulator(f"http://{serve.HOST}:{listener.getsockname()[1]}", None) as simulator:
                yield simulator
        finally:
            server.should_exit = True
            runner.join(timeout=10)


class Simulator:
    """A running simulator: `url` for a connector, and what the control tells and does."""

    def __init__(self, url: str, process: subprocess.Popen[str] | None) -> None:
        self.url, self.process = url, process
        self._http = httpx2.Client(base_url=f"{url}/_simulator", timeout=60, trust_env=False)

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    @property
    def keys(self) -> dict[str, str]:
        """The application's and the subscription's key."""
        told = self._ask("GET", "/companies")
        return {name: told[name] for name in ("application_key", "subscription_key")}

    def companies(self) -> list[dict[str, Any]]:
        """name, organisation_number, client_key of each, in order."""
        return list(self._ask("GET", "/companies")["companies"])

    def company(self, organisation_number: str | None = None) -> dict[str, Any]:
        """One of them, or the first."""
        return next(one for one in self.companies() if organisation_number in (None, one["organisation_number"]))

    def people(self) -> list[dict[str, Any]]:
        """email, password, administrator_of, access_to of each; an administrator of all companies first."""
        return list(self._ask("GET", "/people"))

    def now(self) -> datetime:
        return datetime.fromisoformat(self._ask("GET", "/clock")["now"])

    def advance(self, *, days: float = 0, seconds: float = 0) -> datetime:
        """Move the clock on: the books live through that time."""
        told = self._ask("POST", "/clock", {"advance_days": days, "advance_seconds": seconds})
        return datetime.fromisoformat(told["now"])

    def faults(self, *faults: Mapping[str, Any]) -> None:
        """Add faults, such as {"fault": "429", "path": "/Customers", "after": 1, "times": 2}; without any: remove all."""
        if faults:
            self._ask("POST", "/faults", list(faults))
        else:
            self._ask("DELETE", "/faults")

    def options(self, **told: Any) -> dict[str, Any]:
        """Change switches of what is not known of the vendor (contract 11), such as rotate_keys=True."""
        return dict(self._ask("POST", "/options", told))

    def truth_trial_balance(self, organisation_number: str, on: date | str) -> dict[int, Decimal]:
        told = self._ask("GET", f"/truth/trial-balance?org={organisation_number}&date={on}")
        return {one["account_no"]: Decimal(one["balance"]) for one in told["accounts"]}

    def truth_party_balances(self, organisation_number: str, on: date | str) -> dict[str, dict[int, Decimal]]:
        """By "customer" and "supplier": number -> sum of entries, zeros left out."""
        told = self._ask("GET", f"/truth/party-balances?org={organisation_number}&date={on}")
        return {kind: {one["number"]: Decimal(one["balance"]) for one in rows} for kind, rows in told.items()}

    def truth_vat(self, organisation_number: str) -> list[dict[str, Any]]:
        """Each VAT term: from, to, is_returned, codes (code, base, vat) and accounts (account_no, movement)."""
        return list(self._ask("GET", f"/truth/vat?org={organisation_number}")["terms"])

    def truth_open_items(self, organisation_number: str, on: date | str) -> dict[str, list[dict[str, Any]]]:
        """By "customer" and "supplier": number, id, amount and balance of each open entry."""
        return dict(self._ask("GET", f"/truth/open-items?org={organisation_number}&date={on}"))

    def truth_counts(self, organisation_number: str) -> dict[str, int]:
        return dict(self._ask("GET", f"/truth/counts?org={organisation_number}"))

    def truth_expected(self, organisation_number: str) -> dict[str, Any]:
        """What a loaded file publishes: closing, result, monthly; {} for invented books."""
        return dict(self._ask("GET", f"/truth/expected?org={organisation_number}"))

    def change(self, organisation_number: str, kind: str, *, times: int = 1) -> list[dict[str, str]]:
        """Let a kind of change (`GET changes` lists them) happen now; what was planted by it: at, kind, what."""
        told = self._ask("POST", "/changes", {"org": organisation_number, "kind": kind, "times": times})
        return list(told["planted"])

    def kinds_of_change(self) -> list[str]:
        return list(self._ask("GET", "/changes"))

    def planted(self, organisation_number: str) -> list[dict[str, str]]:
        """Changes of what was there before: at, kind, what."""
        return list(self._ask("GET", f"/truth/planted?org={organisation_number}"))

    def requests(self) -> dict[str, Any]:
        """seen, throttled, by_path, by_company since the last reset."""
        return dict(self._ask("GET", "/requests"))

    def reset_requests(self) -> None:
        self._ask("DELETE", "/requests")

    def revoke(self, organisation_number: str, *, now: bool = False) -> None:
        """Switch the integration off at a company; `now`: live tokens die too."""
        self._ask("POST", "/revoke", {"org": organisation_number, "now": now})

    def token(self, client_key: str | None = None) -> str:
        """A bearer token, of the first company where no key is given."""
        keys = self.keys
        answer = httpx2.post(
            f"{self.url}/OAuth/Token",
            auth=(keys["application_key"], client_key or self.company()["client_key"]),
            headers={SUBSCRIPTION_HEADER: keys["subscription_key"]},
            data={"grant_type": "client_credentials"},
            trust_env=False,
        )
        return str(answer.raise_for_status().json()["access_token"])

    @contextmanager
    def api(self, client_key: str | None = None, *, environment: str = "") -> Iterator[httpx2.Client]:
        """A client of the vendor's API with all headers set; paths from /v2 on, such as "/Customers"."""
        headers = {
            "Authorization": f"Bearer {self.token(client_key)}",
            SUBSCRIPTION_HEADER: self.keys["subscription_key"],
        }
        with httpx2.Client(
            base_url=f"{self.url}{environment}/v2", headers=headers, timeout=60, trust_env=False
        ) as client:
            yield client

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body)
        assert answer.status_code == 200, f"{method} {path} gave {answer.status_code}: {answer.text}"
        return answer.json()
