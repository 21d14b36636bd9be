"""Keeping the process small is a courtesy of the C library; what can be seen of it is that nothing breaks."""

from __future__ import annotations

from tieout.portal.upkeep import memory


def test_what_is_free_goes_back_to_the_system_without_an_error() -> None:
    kept = [bytearray(10_000) for _ in range(1_000)]
    memory.keep_small()
    memory.give_back()
    assert all(len(one) == 10_000 for one in kept)
