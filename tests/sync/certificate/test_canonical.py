"""One text for one meaning, and nothing that could mean two things."""

from __future__ import annotations

import pytest

from tieout.sync.certificate.canonical import UnreadableError, canonical, parsed


def test_order_and_spaces_make_no_difference() -> None:
    assert canonical(parsed('{ "b": "Ø",\n "a": [1] }'.encode())) == '{"a":[1],"b":"Ø"}'.encode()


@pytest.mark.parametrize(
    "text",
    [b'{"a":1.5}', b'{"a":NaN}', b'{"a":1,"a":2}', b"[1]", b"{", b"\xff", rb'{"a":"\ud800"}', b"[" * 100_000],
)
def test_what_is_ambiguous_or_broken_is_refused(text: bytes) -> None:
    with pytest.raises(UnreadableError):
        parsed(text)


def test_an_amount_as_a_float_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError):
        canonical({"a": [{"b": 0.1}]})
