"""All open questions as one table, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tieout.connectors.errors import ConnectorError
from tieout.connectors.first_contact import Answered, Probed
from tieout.connectors.poweroffice.auth import TITLE
from tieout.connectors.poweroffice.probing import books, shape
from tieout.connectors.poweroffice.probing.asking import Asking, NotToldError, why

Found = str | float | bool
APPROVAL = "only an approval shows it"
WRITE = "only a change at the source shows it"


@dataclass(frozen=True, slots=True)
class Open:
    """One open question: its number in contract 11, its switch in the simulator, and how it is asked or why it is not."""

    number: int
    name: str
    question: str
    ask: Callable[[Asking], Found] | str


QUESTIONS = (
    Open(1, "pagination_keys", "names in X-Pagination", shape.pagination_keys),
    Open(2, "past_the_end", "a page past the end", shape.past_the_end),
    Open(3, "page_size_beyond", "a page of more than 20,000 rows", shape.page_size_beyond),
    Open(4, "order", "order of a list that was not asked to be ordered", shape.order),
    Open(5, "unknown_fields", "an unknown name in Fields", shape.unknown_fields),
    Open(6, "fields_have_id", "rows have an Id though Fields leaves it out", shape.fields_have_id),
    Open(7, "token_parameter", "name of the onboarding token in the redirect", APPROVAL),
    Open(8, "token_minutes", "life of the onboarding token", APPROVAL),
    Open(9, "temporary_url_minutes", "life of the address of an approval, minutes", shape.temporary_url_minutes),
    Open(10, "rotate_keys", "a new approval gives a new key", APPROVAL),
    Open(11, "finalize_lists", "companies that Finalize lists", APPROVAL),
    Open(12, "revoked_tokens_die", "live tokens end with the approval", APPROVAL),
    Open(13, "bare_refusals", "a 403 has no body", shape.bare_refusals),
    Open(15, "reversal_stamps", "being reversed changes the stamp of the original", books.reversal_stamps),
    Open(16, "opening_in_transactions", "the opening balance is among the postings", books.opening_in_transactions),
    Open(17, "result_restarts", "income and expense begin at zero each fiscal year", books.result_restarts),
    Open(18, "incoming_sign", "sign of incoming invoices", books.incoming_sign),
    Open(18, "credit_note_sign", "sign of outgoing credit notes", books.credit_note_sign),
    Open(19, "nulls", "properties without a value", shape.nulls),
    Open(20, "archived", "archived customers and products in lists", books.archived),
    Open(21, "null_changes", "rows without a stamp, where later ones are asked for", books.null_changes),
    Open(22, "most_rows_in_span", "a span of dates may hold too many rows", books.most_rows_in_span),
    Open(23, "naive_times", "zone of a time without offset", books.naive_times),
    Open(24, "stamp_precision", "precision to which stamps are compared", books.stamp_precision),
    Open(25, "lag_seconds", "how late rows can be seen", WRITE),
    Open(26, "late_commit_seconds", "rows that are seen after newer ones", WRITE),
    Open(27, "future_postings", "postings may lie ahead", books.future_postings),
    Open(29, "lost_role", "customers that are none any more", WRITE),
    Open(31, "privileges_frozen", "privileges are those of the token", WRITE),
    Open(32, "no_lines", "lines of an invoice that has none", shape.no_lines),
    Open(33, "body_keys", "case of the names in an approval's body", shape.body_keys),
    Open(34, "gzip", "answers are packed for who asks", shape.gzip),
    Open(35, "unknown_parameters", "an unknown parameter", shape.unknown_parameters),
)
RETRY_AFTER = Open(14, "retry_after", "a 429 says when to come back", "only asked with --provoke-limit")


def probe(asking: Asking, *, provoke_limit: bool) -> Probed:
    """Ask everything. Raises ConnectorError where even the token is refused."""
    asking.headers()
    answers = tuple(sorted(_answers(asking, provoke_limit=provoke_limit), key=lambda answer: answer.number))
    return Probed(title=TITLE, at=asking.now, requests=asking.requests, answers=answers)


def _answers(asking: Asking, *, provoke_limit: bool) -> Iterator[Answered]:
    for question in QUESTIONS:
        yield _answered(question, asking)
    # Last, since it holds up what comes after it.
    provoked = Open(14, RETRY_AFTER.name, RETRY_AFTER.question, shape.retry_after)
    yield _answered(provoked if provoke_limit else RETRY_AFTER, asking)


def _answered(question: Open, asking: Asking) -> Answered:
    found: Found | None = None
    reason = ""
    try:
        if isinstance(question.ask, str):
            raise NotToldError(question.ask)
        found = question.ask(asking)
    except NotToldError as error:
        reason = str(error)
    except ConnectorError as error:
        reason = why(error)
    except (KeyError, TypeError, ValueError, AttributeError):  # an answer of another shape than any we know
        reason = "the answer has a shape that was not expected"
    return Answered(number=question.number, name=question.name, question=question.question, found=found, why=reason)
