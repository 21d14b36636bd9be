"""Matching loaded entries: whatever comes in, what is left open has one sign and nothing is taken twice."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.books.files import account, line, load_text, party, saft, transaction

_KEYS = st.sampled_from(("", "A", "B", "1", "2"))
_ENTRIES = st.lists(st.tuples(st.integers(-500, 500), st.integers(0, 300), _KEYS, _KEYS, _KEYS), max_size=12)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ENTRIES)
def test_whatever_the_references_say_open_items_add_up(
    tmp_path: Path, rows: list[tuple[int, int, str, str, str]]
) -> None:
    entries = []
    for number, (amount, days, invoice, kid, reference) in enumerate(rows, 1):
        day = date(2025, 1, 1) + timedelta(days=days)
        told = "".join(
            f"<{name}>{value}</{name}>"
            for name, value in (("ReferenceNumber", invoice), ("CID", kid), ("CrossReference", reference))
            if value
        )
        lines = line("1500", str(amount), f"<CustomerID>10001</CustomerID>{told}"), line("1920", str(-amount))
        entries.append(transaction(str(number), *lines, on=day.isoformat(), period=str(day.month)))
    books = load_text(
        tmp_path,
        saft(
            accounts=account("1500") + account("1920"),
            parties=f"<Customers>{party('Customer', '10001', account='1500')}</Customers>",
            entries="".join(entries),
        ),
    )
    everything = list(books.entries.values())
    left = [entry.balance() for entry in everything]
    assert sum(left) == sum(entry.amount for entry in everything) == sum(amount for amount, *_ in rows) * 100
    assert not (any(rest > 0 for rest in left) and any(rest < 0 for rest in left))
    assert all(
        abs(rest) <= abs(entry.amount) and rest * entry.amount >= 0
        for rest, entry in zip(left, everything, strict=True)
    )
    for match_id, group in books.matches.items():
        assert len(group) > 1
        assert {entry.match_id for entry in group} == {match_id}
        assert sum(taken for entry in group for _, taken, _ in entry.settlements) == 0
    assert all((entry.match_id is None) == (not entry.settlements) for entry in everything)
    for day in {entry.date for entry in everything}:
        on_day = [entry for entry in everything if entry.date <= day]
        assert sum(entry.balance(day) for entry in on_day) == sum(entry.amount for entry in on_day)
