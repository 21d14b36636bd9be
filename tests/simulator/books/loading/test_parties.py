"""Number series of customers and suppliers, when registers grow beyond them."""

from pathlib import Path

from tests.simulator.books.files import account, line, load_text, party, saft, transaction
from tieout.simulator.books.model import Books


def _customers(folder: Path, count: int, strangers: int = 0) -> Books:
    rows = "".join(party("Customer", f"K{number}", account="1500") for number in range(count))
    entries = "".join(
        transaction(str(number), line("1500", "1", f"<CustomerID>X{number}</CustomerID>"), line("3000", "-1"))
        for number in range(strangers)
    )
    chart = account("1500") + account("3000")
    return load_text(folder, saft(accounts=chart, parties=f"<Customers>{rows}</Customers>", entries=entries))


def test_register_larger_than_the_standard_series_gets_a_larger_one(tmp_path: Path) -> None:
    books = _customers(tmp_path, 9_500)
    (series,) = books.series
    assert series.last - series.first >= 9_500
    assert {series.first <= (contact.customer_no or 0) <= series.last for contact in books.contacts.values()} == {True}


def test_series_that_is_full_is_followed_by_another_on_the_same_account(tmp_path: Path) -> None:
    books = _customers(tmp_path, 8_990, strangers=1_100)
    assert [(series.account_no, series.is_default) for series in books.series] == [(1500, True), (1500, False)]
    numbers = [contact.customer_no for contact in books.contacts.values()]
    assert len(set(numbers)) == len(numbers) == 10_090
    assert all(books.control_account("customer", number or 0) == 1500 for number in numbers)
