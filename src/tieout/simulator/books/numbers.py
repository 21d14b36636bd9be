"""Numbers with check digits: organisation numbers, bank accounts, KID. Never national identity numbers."""

from __future__ import annotations

from random import Random
from uuid import UUID

from stdnum import luhn

_ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_BANK_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def organisation_number(rng: Random) -> str:
    """A valid organisation number of the 3-series: the tax authority's synthetic population, so it can't hit a real firm."""
    while True:
        body = f"3{rng.randrange(10**7):07d}"
        check = _mod11(body, _ORGANISATION_WEIGHTS)
        if check is not None:
            return body + check


def bank_account(rng: Random) -> str:
    """Eleven digits, the last one a valid mod 11 check. Where it is from says nothing: 9999 stands for no bank we know."""
    while True:
        body = f"9999{rng.randrange(10**6):06d}"
        check = _mod11(body, _BANK_WEIGHTS)
        if check is not None:
            return body + check


def kid(customer_no: int, invoice_no: int) -> str:
    """Payment reference from customer and invoice number, with a mod 10 check digit."""
    body = f"{customer_no:06d}{invoice_no:07d}"
    return body + str(luhn.calc_check_digit(body))


def _mod11(body: str, weights: tuple[int, ...]) -> str | None:
    """The check digit, or None where it would be 10: one body in eleven has none."""
    check = -sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return None if check == 10 else str(check)


def uuid(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
