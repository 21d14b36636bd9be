from __future__ import annotations

from tieout.connectors.breadth import LEAST, MOST, Breadth


def breadth(*seconds: float) -> Breadth:
    learned = Breadth(9.8)
    for took in seconds:
        learned.answered(took)
    return learned


def test_quick_answers_need_few_requests_at_once() -> None:
    assert breadth(*[0.15] * 50).places == LEAST


def test_slow_answers_need_as_many_as_fill_the_limit_meanwhile() -> None:
    assert 9.8 <= breadth(*[1.0] * 50).places <= 20
    assert breadth(*[9.0] * 50).places == MOST


def test_it_learns_within_a_few_answers_that_they_became_slow() -> None:
    learned = breadth(*[0.15] * 50)
    for _ in range(5):
        learned.answered(4.0)
    assert learned.places >= 20


def test_failures_halve_it_down_to_one_and_answers_bring_it_back() -> None:
    learned = breadth(*[1.0] * 50)
    before = learned.places
    learned.failed(under_way=before)
    assert learned.places == before // 2
    for _ in range(9):
        learned.failed(under_way=learned.places)
    assert learned.places == 1
    for _ in range(2 * MOST):
        learned.answered(1.0)
    assert learned.places == before
