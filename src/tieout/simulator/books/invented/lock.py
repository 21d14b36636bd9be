"""The lock date: nothing is posted on it or before."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.model import Books


def is_open(books: Books, day: date) -> bool:
    return books.profile.lock_date is None or day > books.profile.lock_date


def open_date(company: InventedCompany, wanted: date) -> date:
    """The wanted posting date, or today where the books are locked at it."""
    return wanted if is_open(company.books, wanted) else company.today


def move_lock(company: InventedCompany, day: date, why: str) -> None:
    company.books.profile.lock_date = day
    company.books.version += 1
    company.plant("lock date moved", f"{day}: {why}")


def lift_lock(company: InventedCompany, for_day: date, *, minutes: int, why: str) -> None:
    """Move the lock date back by hand so that a day is open, and forward again some minutes later."""
    locked = company.books.profile.lock_date
    if locked is None or is_open(company.books, for_day):
        return
    move_lock(company, for_day - timedelta(days=1), why)

    def restore() -> None:
        if is_open(company.books, locked):
            move_lock(company, locked, f"{why}, ferdig")

    company.at(company.instant + timedelta(minutes=minutes), restore)
