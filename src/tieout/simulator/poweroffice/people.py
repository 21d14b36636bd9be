"""Who can sign in at the simulated PowerOffice Go. Plainly fixtures, known to everybody who may use the control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PASSWORD = "simulator"  # noqa: S105 - opens invented books only


@dataclass(frozen=True, slots=True)
class Person:
    """`administrator_of` and `access_to` are organisation numbers; whoever administers a company has access to it."""

    email: str
    name: str
    administrator_of: tuple[str, ...]
    access_to: tuple[str, ...]
    password: str = PASSWORD


def people_of(organisation_numbers: Sequence[str]) -> tuple[Person, ...]:
    """Somebody for each case: all companies, one of them, access without the right to approve, nothing at all."""
    every, first, last = tuple(organisation_numbers), tuple(organisation_numbers[:1]), tuple(organisation_numbers[-1:])
    return (
        Person("administrator@example.com", "Test Administrator", every, every),
        Person("manager@example.com", "Test Manager", first, first),
        Person("owner@example.com", "Test Owner", last, last),
        Person("employee@example.com", "Test Employee", (), every),
        Person("stranger@example.com", "Test Stranger", (), ()),
    )
