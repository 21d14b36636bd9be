"""What a connector does for the operator before and around the first company: its keys, a look at them, questions to the vendor.

A connector that needs an agreement with its vendor has these beside what `base.Connector` asks. Texts are whole English
sentences, `{names}` in them filled from facts, so that pages can show them in another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from tieout.connectors.base import Company, Secret


class State(StrEnum):
    """How something was found, best first."""

    WELL = "well"
    NOTICE = "notice"  # works, but somebody should know
    UNKNOWN = "unknown"  # can't be found out now; the advice says how else
    WRONG = "wrong"  # the operator must act
    COMPANY = "company"  # a company must act
    LATER = "later"  # the vendor is busy or can't be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of an examination: about what, how it is, what was found, and what to do ("" where nothing is)."""

    subject: str
    state: State
    found: str
    advice: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def found_in_full(self) -> str:
        return self.found.format(**self.facts)

    @property
    def advice_in_full(self) -> str:
        return self.advice.format(**self.facts)

    def as_json(self) -> dict[str, str]:
        return {
            "subject": self.subject,
            "state": self.state.value,
            "found": self.found_in_full,
            "advice": self.advice_in_full,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySetting:
    """A setting that leads to one of the vendor's environments; a value "" is a key, which comes from the vendor."""

    name: str
    trial: str
    production: str
    comes: str  # where a key comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A ready e-mail to the vendor. `{trial}` and `{production}` are callback addresses, `{privileges}` one a line."""

    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """How an operator gets the vendor's keys. `privileges` are for reading only."""

    write_to: str
    wait: str
    steps: tuple[str, ...]
    privileges: tuple[str, ...]
    never: str  # what not to be granted
    settings: tuple[KeySetting, ...]
    letters: tuple[Letter, ...]
    meanwhile: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One open question and what the vendor's answers say of it. `found` None: it could not be told, `why` says the reason.

    Neither holds names, numbers of records, or amounts.
    """

    number: int
    name: str
    question: str
    found: str | float | bool | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a probe found, and what it cost."""

    title: str
    at: datetime
    requests: int
    answers: tuple[Answered, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "system": self.title,
            "at": self.at.isoformat(),
            "requests": self.requests,
            "answers": [asdict(answer) for answer in self.answers],
        }

    def as_markdown(self) -> str:
        """A table that can be sent to somebody else as it is."""
        lines = [
            f"# What {self.title} answers",
            "",
            f"{self.at:%Y-%m-%d %H:%M} UTC, {self.requests} requests. No names, no amounts, no record numbers.",
            "",
            "| # | switch | question | found | why |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| {one.number} | `{one.name}` | {one.question} | {_word(one.found)} | {one.why} |" for one in self.answers
        ]
        return "\n".join(lines) + "\n"


def _word(found: str | float | bool | None) -> str:
    if found is None:
        return "not told"
    if isinstance(found, bool):
        return "yes" if found else "no"
    return str(found)


@runtime_checkable
class FirstContact(Protocol):
    """A connector whose vendor gives this installation keys of its own."""

    name: str
    title: str
    application: Application

    def examine(self, callback: str) -> list[Finding]:
        """Look at this installation's keys, its callback address and clock, with a few requests. Never raises ConnectorError."""

    def privileges_to_write(self, company: Company) -> tuple[str, ...]:
        """Those that a company grants though nobody asked for them."""

    def probe(self, key: Secret, *, callback: str, provoke_limit: bool = False) -> Probed:
        """Ask the vendor what its documentation leaves open: at most 60 requests, none of which changes the company's books.

        `provoke_limit`: also send more than allowed in one second, once. Raises ConnectorError where it can't begin.
        """
