from random import Random

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.no import kontonr, orgnr

from tieout.simulator.books import numbers


@given(st.integers())
def test_organisation_number_is_valid_and_of_the_synthetic_series(seed: int) -> None:
    number = numbers.organisation_number(Random(seed))
    assert orgnr.is_valid(number)
    assert number.startswith("3")


@given(st.integers())
def test_bank_account_is_valid_and_of_no_bank(seed: int) -> None:
    number = numbers.bank_account(Random(seed))
    assert kontonr.is_valid(number)
    assert number.startswith("9999")


@given(st.integers(10_000, 19_999), st.integers(1, 999_999))
def test_kid_has_a_mod_10_check_digit_and_tells_customer_and_invoice(customer_no: int, invoice_no: int) -> None:
    kid = numbers.kid(customer_no, invoice_no)
    assert luhn.is_valid(kid)
    assert (int(kid[:6]), int(kid[6:-1])) == (customer_no, invoice_no)
