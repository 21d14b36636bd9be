"""The rule that groups accounts until a person does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.reports.saft import seed
from tieout.reports.saft.grouping import is_known


@pytest.mark.parametrize(
    ("account_no", "code"),
    [(1920, "1920"), (1925, "1920"), (1920001, "1920"), (2700, "2740"), (8960, "8800"), (6581, "6500"), (1910, "1900")],
)
def test_an_account_goes_to_the_nearest_code_below_it_in_its_group(account_no: int, code: str) -> None:
    assert seed(account_no).code == code


@given(st.integers(min_value=1, max_value=99_999_999))
def test_every_account_gets_a_code_that_exists_and_is_not_confirmed(account_no: int) -> None:
    grouping = seed(account_no)
    assert is_known(grouping)
    assert not grouping.is_confirmed
