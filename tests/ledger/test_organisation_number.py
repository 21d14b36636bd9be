import pytest

from tieout.ledger.organisation_number import is_valid, normalise


@pytest.mark.parametrize(
    "text",
    ["923609016", "923 609 016", " NO923609016MVA ", "no 923 609 016 mva", "923\u00a0609\u00a0016", "923.609.016"],
)
def test_all_ways_of_writing_a_number_are_the_same_company(text: str) -> None:
    assert normalise(text) == "923609016"
    assert is_valid(text)


@pytest.mark.parametrize("text", ["923609017", "92360901", "9236090160", "", "Test Company AS", "٩٢٣٦٠٩٠١٦"])
def test_what_is_no_organisation_number_is_not_valid(text: str) -> None:
    assert not is_valid(text)


def test_what_is_not_a_number_is_left_as_it_was_written() -> None:
    assert normalise("  Norsk Test AS ") == "Norsk Test AS"
    assert normalise(None) == ""
