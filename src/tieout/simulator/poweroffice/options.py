"""What is not known of the vendor (contract 11), each with the behaviour assumed; `POST /_simulator/options` changes them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

from tieout.config import SIMULATOR_SECONDARY_SUBSCRIPTION_KEY, SIMULATOR_SUBSCRIPTION_KEY
from tieout.simulator.books.invented.company import InPlace

CHOICES = {
    "pagination_keys": ("camel", "pascal", "none"),
    "past_the_end": ("204", "empty"),
    "page_size_beyond": ("400", "clamp"),
    "unknown_fields": ("400", "ignored"),
    "finalize_lists": ("ticked", "all"),
    "archived": ("included", "left out"),
    "null_changes": ("left out", "returned"),
    "naive_times": ("utc", "oslo"),
    "stamp_precision": ("exact", "milliseconds", "seconds"),
    "lost_role": ("inactive", "gone"),
    "no_lines": ("204", "404"),
    "in_place": tuple(InPlace),
    "body_keys": ("any case", "exact"),
    "unknown_parameters": ("400", "ignored"),
    "order": ("natural", "shuffled"),
    "incoming_sign": ("ledger", "positive"),
    "credit_note_sign": ("negative", "positive"),
    "nulls": ("sent", "omitted"),
    "client_admin": ("full", "read"),
    "added_twice": ("same key", "new key", "400"),
}


@dataclass(slots=True)
class Options:
    """Numbers behind the fields are those of contract 11. What it leaves no choice about has no switch: 27, 28, 30."""

    pagination_keys: str = "camel"  # 1
    past_the_end: str = "204"  # 2
    page_size_beyond: str = "400"  # 3
    order: str = "natural"  # 4: of lists that were not asked to be ordered
    unknown_fields: str = "400"  # 5: in Fields and OrderBy
    fields_have_id: bool = False  # 6: rows have their Id also where Fields leaves it out
    token_parameter: str = "token"  # noqa: S105 - 7
    token_minutes: float = 5  # 8: of the onboarding token
    temporary_url_minutes: float = 20  # 9
    rotate_keys: bool = False  # 10: an approval gives a new key, and the old one dies
    finalize_lists: str = "ticked"  # 11: or all companies of the person where the integration is switched on
    revoked_tokens_die: bool = False  # 12: at once, not when they expire
    bare_refusals: bool = False  # 13: 403 without a body
    retry_after: bool = True  # 14
    reversal_stamps: bool = False  # 15: being reversed moves LastChangedDateTimeOffset of the original's rows
    opening_in_transactions: bool = True  # 16
    result_restarts: bool = True  # 17: income and expense begin at zero with each financial year of the trial balance
    incoming_sign: str = "ledger"  # 18
    credit_note_sign: str = "negative"  # 18: of outgoing credit notes
    nulls: str = "sent"  # 19
    archived: str = "included"  # 20: of customers, suppliers, employees, products where nothing is asked
    null_changes: str = "left out"  # 21: rows without a stamp, where later ones are asked for
    most_rows_in_span: int = 0  # 22: a span of dates with more of them is a 500; 0: no limit
    naive_times: str = "utc"  # 23
    stamp_precision: str = "exact"  # 24: of stamps where later ones are asked for
    lag_seconds: float = 0  # 25: rows can't be seen until so long after they were made
    late_commit_seconds: float = 0  # 26: the same for every third voucher alone, so that newer ones are seen before it
    lost_role: str = "inactive"  # 29: customers and suppliers that are none any more
    privileges_frozen: bool = True  # 31: in a token
    no_lines: str = "204"  # 32: of an invoice
    body_keys: str = "any case"  # 33: of Initiate and Finalize
    gzip: bool = True  # 34: for whoever asks for it
    unknown_parameters: str = "400"  # 35
    in_place: str = InPlace.REPLACED.value  # what correcting a posted voucher does to its rows: sources differ
    partner: str = ""  # organisation number of the accounting firm whose clients all other companies are (contract 3.7)
    client_admin: str = "full"  # the firm's integration may add itself to a client, or only list them
    added_twice: str = "same key"  # what adding it brings where it is there already: not published
    skew_seconds: float = 0  # the Date header differs from the clock by so much
    status: str = ""  # an approval ends with this status, whatever the person does
    white_list: list[str] = field(default_factory=list)  # callback addresses besides this machine's own
    blocked: list[str] = field(default_factory=list)  # organisation numbers where the integration is blocked
    # Of one subscription, which has two (contract 1); both share its limit. A key that is made anew leaves this list.
    subscription_keys: list[str] = field(
        default_factory=lambda: [SIMULATOR_SUBSCRIPTION_KEY, SIMULATOR_SECONDARY_SUBSCRIPTION_KEY]
    )
    privileges: list[str] | None = None  # granted to the integration; None: all for reading
    subscriptions: dict[str, list[str]] = field(default_factory=dict)  # modules by organisation number, else the books'

    def change(self, told: dict[str, Any]) -> None:
        """Take new values for some fields. Raises ValueError for an unknown field or value, and changes nothing then."""
        hints = get_type_hints(Options)
        for name, value in told.items():
            if name not in hints:
                raise ValueError(f"there is no option {name}; there are {', '.join(sorted(hints))}")
            if name in CHOICES and value not in CHOICES[name]:
                raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
            if not _fits(value, getattr(Options(), name)):
                raise ValueError(f"{name} can't be {value!r}")
        for name, value in told.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


def _fits(value: Any, default: Any) -> bool:
    if default is None:
        return value is None or isinstance(value, list)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, float | int):
        return isinstance(value, float | int)
    return isinstance(value, type(default))
