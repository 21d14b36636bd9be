"""What the proof asks of a source's store: rows to hold against the source's, what was found wrong, how the data stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from tieout.catalog import Stream
from tieout.warehouse.incidents import DataStatus, Incident
from tieout.warehouse.verdicts import TieOut

if TYPE_CHECKING:
    from tieout.warehouse.as_of import StoredSet
    from tieout.warehouse.base import Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItems:
    """Where a subledger's open entries lie, and what they may lead to: columns of the entries; streams and their columns."""

    entries: str
    balance: str
    voucher_id: str
    voucher_no: str
    voucher_type: str
    invoices: tuple[str, str] | None  # None where the company does not open its invoices to us
    vouchers: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Open entries of one voucher that lead to the same. `to` is invoice, voucher, or empty: to nothing that is stored."""

    to: str
    voucher_no: int
    voucher_type: str | None
    items: int
    balance: Decimal


class ProofStore(Protocol):
    """A part of `base.SourceStore`."""

    def record_tie_out(self, tie_out: TieOut) -> int:
        """Store a verdict with all it rests on, its incident and the company's data status; gives its number."""

    def tie_outs(self, *, limit: int = 50) -> list[TieOut]:
        """Newest first, with checks, differences and graded streams."""

    def incidents(self, *, limit: int = 50) -> list[Incident]:
        """What was found wrong, newest first, with what it comes to by account and voucher."""

    def data_status(self) -> DataStatus | None:
        """Where this company's data stand; None before its first tie-out."""

    def rows_between(
        self, stream: str, columns: Sequence[str], dated: str, first: date, last: date
    ) -> list[tuple[Any, ...]]:
        """Some columns of every row with a date in a span, both inclusive."""

    def rows_of(self, stream: str, columns: Sequence[str], key: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Some columns of every row whose `key` is one of some values."""

    def remove_doubles(self, stream: Stream) -> int:
        """Keep one of the rows that have the same key; how many went. A sound store has none."""

    def unbalanced_by_date(self, of: Sums) -> list[tuple[int, date, Decimal]]:
        """Group, date and sum wherever a group's sum on one date is not zero."""

    def shared(self, stream: str, column: str, by: str) -> dict[int, int]:
        """Values of a column that stand in rows with different values of another, and how many those are."""

    def missing_numbers(self, stream: str, column: str) -> list[int]:
        """Numbers that no row has between the smallest positive one and the greatest."""

    def sums_apart(self, ours: Sums, theirs: Sums, label: str) -> list[tuple[int, Decimal, Decimal]]:
        """Groups of both streams whose sums differ by an øre or more, whatever their sign: `label` of theirs, both sums."""

    def amounts_apart(self, of: Sums, other: str) -> list[tuple[int, Decimal, Decimal]]:
        """Groups in which the sum of another column differs by an øre or more: group, its sum, the other's."""

    def origins(self, of: OpenItems) -> list[Origin]:
        """What open entries lead to, by voucher, those that lead to nothing first."""

    def sums_by(self, of: Sums, by: str, *, until: date, since: date | None = None) -> dict[str, dict[int, Decimal]]:
        """Sum per group for each value of another column, of rows with a date in the span, both inclusive."""

    def stored_set(self, of: Sums, voucher_no: str, *, sync: int, until: date, since: date) -> StoredSet:
        """Postings up to a date as they stood when a sync had ended; `since` begins what is summed as this year."""
