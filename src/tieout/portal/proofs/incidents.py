"""What was found wrong, as pages show it: in words, by voucher, with what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import words
from tieout.portal.syncs.tie_outs import Difference
from tieout.portal.templatetags.figures import count
from tieout.warehouse.incidents import Finding, Incident, IncidentState

TONES = {IncidentState.OPEN: "bad", IncidentState.MENDED: "ok", IncidentState.GONE: "off"}
SAID = 3  # explanations in a sentence; the table has all
OF_STREAMS = ("counts",)


class Told:
    """One incident. `stamps`: those of its company, where it is asked which of them may show it."""

    def __init__(self, incident: Incident, stamps: Iterable[Stamp] = ()) -> None:
        self.incident = incident
        self.stamps = [stamp for stamp in stamps if self._may_show(stamp)]

    def _may_show(self, stamp: Stamp) -> bool:
        """Made after the last time that all was proved, of a date that the difference lies before."""
        one = self.incident
        is_of_then = (one.proved_at or one.opened_at) <= stamp.made_at <= (one.closed_at or stamp.made_at)
        return is_of_then and (one.first_date is None or one.first_date <= stamp.on)

    @property
    def tone(self) -> str:
        return TONES[self.incident.state]

    @property
    def state(self) -> str:
        return str(words.INCIDENT_STATES[self.incident.state.value])

    @property
    def is_open(self) -> bool:
        return self.incident.state is IncidentState.OPEN

    @cached_property
    def title(self) -> str:
        """What it was, in words: one shape with its voucher, or the first and how many more."""
        first, *more = _shapes(self.incident.findings) or [_("Figures that nobody could explain")]
        if not more:
            return first
        rest = ngettext("%(n)s other", "%(n)s others", len(more)) % {"n": count(len(more))}
        return _("%(first)s, and %(rest)s") % {"first": first, "rest": rest}

    @cached_property
    def accounts(self) -> int:
        return len({finding.account_no for finding in self.incident.findings if finding.account_no is not None})

    @cached_property
    def vouchers(self) -> int:
        return len({finding.voucher_no for finding in self.incident.findings if finding.voucher_no is not None})

    @property
    def seconds(self) -> float | None:
        """From the discovery to the end of it."""
        closed = self.incident.closed_at
        return None if closed is None else (closed - self.incident.opened_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference of the latest tie-out, and what it turned out to be."""

    row: Difference
    findings: tuple[Finding, ...]

    @property
    def in_words(self) -> str:
        said = _shapes(self.findings)
        rest = len(said) - SAID
        return "; ".join([*said[:SAID], *([_("and %(n)s more") % {"n": count(rest)}] if rest > 0 else [])])


def explained(differences: Iterable[Difference], incident: Incident | None) -> list[Explained]:
    """Each difference with the findings of its account, party, voucher or stream up to its date, but for what was mended."""
    findings = [finding for finding in incident.findings if not finding.is_mended] if incident else []
    return [Explained(row, tuple(found for found in findings if _belongs(found, row))) for row in differences]


def _belongs(finding: Finding, row: Difference) -> bool:
    if finding.check != row.check or not _is_until(finding.posting_date or finding.month, row.on):
        return False
    if row.check in OF_STREAMS:
        return words.stream_title(finding.stream or "") == row.name
    numbers = (finding.account_no, finding.party_no, finding.voucher_no)
    return row.number is not None and row.number in numbers[:2] if row.check != "vouchers" else row.number == numbers[2]


def _is_until(on: date | None, until: date | None) -> bool:
    return on is None or until is None or on <= until


def _shapes(findings: Sequence[Finding]) -> list[str]:
    """Each shape once for a voucher, in words: "Missing voucher 20417"."""
    seen = dict.fromkeys((finding.shape.value, finding.voucher_no, finding.stream) for finding in findings)
    return [_shape(shape, voucher, stream) for shape, voucher, stream in seen]


def _shape(shape: str, voucher: int | None, stream: str | None) -> str:
    word = str(words.SHAPES.get(shape, shape.replace("_", " ").capitalize()))
    if stream:
        return f"{word}: {words.stream_title(stream)}"
    if voucher is None:
        return word
    return f"{word} {voucher}" if "voucher" in shape else f"{word} ({_('voucher %(number)s') % {'number': voucher}})"


def _vouchers(findings: Iterable[Finding]) -> list[int]:
    return sorted({finding.voucher_no for finding in findings if finding.voucher_no is not None})
