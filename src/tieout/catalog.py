"""The words that connectors, engine and warehouse share: what can be read, how it may be asked for, what came.

No input or output here, and no accounting system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a column holds, and so how the warehouse types it."""

    TEXT = "text"
    INTEGER = "integer"  # 64 bits
    BOOLEAN = "boolean"
    MONEY = "money"  # DECIMAL(18,4)
    NUMBER = "number"  # quantities, rates, prices: DECIMAL(28,10)
    DATE = "date"
    TIMESTAMP = "timestamp"  # with offset, stored in UTC
    UUID = "uuid"
    JSON = "json"  # objects and arrays, one column each


class Grade(StrEnum):
    """What a tie-out can say about a stream's rows."""

    BALANCED = "balanced"  # sums agree with the source's own balances
    COUNTED = "counted"  # the number of rows agrees with the source's own total
    NOT_CHECKABLE = "not_checkable"


class Personal(StrEnum):
    """Kinds of personal data. A data source has a choice for each (decision 0018)."""

    PEOPLE = "people"  # names, addresses, e-mail, telephone
    IDENTITY = "identity"  # national identity numbers, dates of birth
    BANK_ACCOUNTS = "bank_accounts"
    PAYROLL_TEXTS = "payroll_texts"


class Choice(StrEnum):
    """What becomes of a kind of personal data."""

    NOT_FETCHED = "not_fetched"
    HIDDEN = "hidden"  # stored apart, where nobody reads
    FETCHED = "fetched"


DEFAULT_CHOICES: Mapping[Personal, Choice] = {
    Personal.PEOPLE: Choice.FETCHED,
    Personal.IDENTITY: Choice.HIDDEN,
    Personal.BANK_ACCOUNTS: Choice.HIDDEN,
    Personal.PAYROLL_TEXTS: Choice.HIDDEN,
}


@dataclass(frozen=True, slots=True)
class Where:
    """Records whose `column` has one of these values as text; without `values`, those where it has any."""

    column: str
    values: tuple[str, ...] = ()
    or_missing: bool = False  # ... and those where it has none


@dataclass(frozen=True, slots=True)
class Mark:
    """That a column holds personal data: in all records, or in those that one of `where` names.

    `of`: (stream, column of ours): the value is that stream's record's whose key the column holds, and goes with it.
    """

    kind: Personal
    where: tuple[Where, ...] = ()
    of: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` as stored (snake_case), `field` as the source spells it.

    `field` is "" where the answer lacks it: then `Page.fixed` gives the value (a snapshot's date, a line's invoice).
    """

    name: str
    field: str
    kind: Kind
    mark: Mark | None = None


class How(StrEnum):
    """How a stream is kept fresh after its first sync."""

    WHOLE = "whole"  # few rows: read all of them each time it is due
    CHANGED = "changed"  # rows changed after an instant; key scans find what is gone
    NUMBERED = "numbered"  # new rows by voucher number, changed balances by instant
    PARENTS = "parents"  # one question per record of `parent` (lines of an invoice or order)
    SNAPSHOT = "snapshot"  # a picture at a date, kept per date


class Rhythm(StrEnum):
    """How often a stream is asked, besides once a night. What is not asked in a sync takes its turn, one a sync."""

    ALWAYS = "always"  # in every sync
    MOVED = "moved"  # in a sync that found the books moved
    NIGHTLY = "nightly"
    WEEKLY = "weekly"  # settings that hardly change


@dataclass(frozen=True, slots=True)
class Repeated:
    """A code that a stream's rows repeat from another stream's: renamed there, it changes here without a stamp.

    `column` holds what `stream` calls `code`, `by` the `key` of the row there.
    """

    column: str
    by: str
    stream: str
    code: str
    key: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One kind of records a connector can read.

    `primary_key` is () where a company has one row at most (settings).
    `windowed`: a span of posting dates can (and must) be asked for; the first sync goes through years, newest first.
    `parent`: the stream whose records' `parent_key` lead here, one request each; rows carry it in `parent_column`.
    `parent_column` is given by `Page.fixed`, whether the answer has it or not; what is fixed goes before the answer.
    `window_column` of a SNAPSHOT holds the date it was asked for, given by `Page.fixed`. A SNAPSHOT with a `parent` is
    asked once per date and distinct value of `parent_key` met there (currency rates).
    `deferred`: costs so many requests that it fills in the background and never delays the rest.
    `repeats`: codes of other streams that its rows repeat; rows read before a rename are asked for again.
    A SNAPSHOT without a `parent` keeps the newest picture only; earlier ones are versions, so that a plain sum is right.
    `has_contacts`: a record is somebody's; gone, it loses its marked fields after a time.
    `unasked`, `emptied` and `hidden` are columns that a data source chose so (`as_chosen`): never asked for; taken out of
    answers, and laid apart, in the records that their marks mean.
    """

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ("id",)
    how: How = How.WHOLE
    windowed: bool = False
    window_column: str | None = None  # the stored date that a window spans, or of a snapshot
    changed_by: tuple[str, ...] = ()  # kinds of change that can be asked for: "changed", "balance", "stock"
    number_column: str | None = None  # growing number of NUMBERED streams
    divided_by: str | None = None  # column of whole numbers by which a reading is divided where it is too much at once
    parent: str | None = None
    parent_key: str = "id"
    parent_column: str | None = None
    deferred: bool = False
    rhythm: Rhythm = Rhythm.ALWAYS
    key_scan: bool = False  # hard deletes happen: ask for the keys alone, nightly
    vanishes: bool = False  # rows leave in everyday work (an order that was invoiced): look for it in every sync
    repeats: tuple[Repeated, ...] = ()
    revised_by: tuple[str, str] | None = None  # (stream, column): numbers there name rows of ours to ask for again
    # (column of numbers, column of types, types) in that stream: such rows belong to one of ours, which is asked for if it lacks
    posted_as: tuple[str, str, tuple[str, ...]] | None = None
    grade: Grade = Grade.COUNTED
    has_contacts: bool = False
    unasked: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column stored as `name`. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def marked(self, kind: Personal) -> tuple[Column, ...]:
        """The columns with personal data of a kind."""
        return tuple(column for column in self.columns if column.mark and column.mark.kind is kind)

    def as_chosen(self, choices: Mapping[Personal, Choice]) -> Stream:
        """The stream for a data source with these choices."""
        unwanted, hidden = (
            {column for kind, made in choices.items() if made is choice for column in self.marked(kind)}
            for choice in (Choice.NOT_FETCHED, Choice.HIDDEN)
        )
        if not unwanted and not hidden:
            return self
        in_some = {column for column in unwanted if column.mark and column.mark.where}
        return replace(
            self,
            unasked=tuple(column.name for column in self.columns if column in unwanted - in_some),
            emptied=tuple(column.name for column in self.columns if column in in_some),
            hidden=tuple(column.name for column in self.columns if column in hidden),
        )


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of posting dates, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A range of numbers, both inclusive; without `last` it has no end."""

    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a source; the connector turns it into requests.

    `changed_after` (UTC, strictly greater) goes with `changed_by`. `number_after` asks for greater voucher numbers.
    `parent` is the parent record's key as text. `on` is the date of a snapshot. `keys_only` asks for primary keys alone.
    `numbers` asks a NUMBERED stream for these numbers alone (at most 100). `part` asks a stream for this range of what
    it is divided by.
    """

    stream: Stream
    window: Window | None = None
    changed_after: datetime | None = None
    changed_by: str = "changed"
    number_after: int | None = None
    numbers: tuple[int, ...] = ()
    part: NumberRange | None = None
    parent: str | None = None
    on: date | None = None
    keys_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Records that came in one answer: a JSON array in the spool exactly as received (gzip), never parsed in Python.

    `total` is the source's own count of all pages of this ask, where it tells. `fixed` are columns that the answer
    lacks and the ask implies (a line's invoice), stored as text and cast by the warehouse.
    """

    path: Path
    number: int
    total: int | None = None
    fixed: dict[str, str] = field(default_factory=dict)
    server_time: datetime | None = None  # the source's clock when it answered, UTC
