from __future__ import annotations

import gzip
import threading
from pathlib import Path

import pytest

from tieout.connectors.errors import UnexpectedAnswerError
from tieout.connectors.http import Answer
from tieout.connectors.poweroffice.paging import IN_FLIGHT, PageSize, pages_of, rows_in, told_total


def answer(path: Path, rows: int, header: str | None = None) -> Answer:
    path.write_bytes(b"[" + b",".join([b"{}"] * rows) + b"]")
    return Answer(status=200, headers={"X-Pagination": header} if header is not None else {}, path=path)


@pytest.mark.parametrize(
    ("header", "total"),
    [
        ('{"totalCount": 7}', 7),
        ('{"TotalCount": 7, "TotalPages": 1}', 7),
        ('{"totalCount": -1}', None),
        ('{"totalCount": "7"}', None),
        ('{"totalCount": true}', None),
        ('{"totalPages": 1}', None),
        ("[]", None),
        ("no json", None),
        ("", None),
    ],
)
def test_an_odd_header_is_as_good_as_none(header: str, total: int | None) -> None:
    assert told_total({"X-Pagination": header}) == total


def test_rows_are_counted_exactly_zipped_or_not(tmp_path: Path) -> None:
    plain = answer(tmp_path / "page.json", 3)
    assert rows_in(plain) == 3
    assert plain.path is not None
    zipped = tmp_path / "page.json.gz"
    zipped.write_bytes(gzip.compress(plain.path.read_bytes()))
    assert rows_in(Answer(status=200, headers={}, path=zipped)) == 3


def test_a_page_that_breaks_in_its_middle_is_found_when_it_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_bytes(b'[{"Id": 1}, {"Id": }]')
    with pytest.raises(UnexpectedAnswerError):
        rows_in(Answer(status=200, headers={}, path=path))


def test_where_the_total_is_known_several_pages_are_on_their_way_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(IN_FLIGHT)

    def fetch(number: int) -> Answer:
        if 1 < number <= IN_FLIGHT + 1:
            together.wait(10)  # passes only when so many are asked for at the same time
        rows = 2 if number <= IN_FLIGHT + 1 else 1
        return answer(tmp_path / f"{number}.json", rows, f'{{"totalCount": {2 * (IN_FLIGHT + 1) + 1}}}')

    pages = list(pages_of(fetch, size=2, fixed={}))
    assert [page.number for page in pages] == list(range(1, IN_FLIGHT + 3))


def test_where_the_total_is_unknown_no_page_is_asked_for_in_vain(tmp_path: Path) -> None:
    asked = []

    def fetch(number: int) -> Answer:
        asked.append(number)
        return answer(tmp_path / f"{number}.json", 2 if number < 4 else 1)

    assert len(list(pages_of(fetch, size=2, fixed={}))) == 4
    assert asked == [1, 2, 3, 4]


def test_a_source_with_smaller_pages_than_we_ask_for_is_read_to_its_end(tmp_path: Path) -> None:
    def fetch(number: int) -> Answer | None:
        left = 7 - 3 * (number - 1)
        header = '{"totalCount": 7, "pageSize": 3}'
        return answer(tmp_path / f"{number}.json", min(3, left), header) if left > 0 else None

    assert (
        sum(rows_in(Answer(status=200, headers={}, path=page.path)) for page in pages_of(fetch, size=5000, fixed={}))
        == 7
    )


def test_what_goes_wrong_on_a_later_page_is_raised_in_its_turn(tmp_path: Path) -> None:
    def fetch(number: int) -> Answer:
        if number == 3:
            raise UnexpectedAnswerError("page 3")
        return answer(tmp_path / f"{number}.json", 2, '{"totalCount": 20}')

    pages = pages_of(fetch, size=2, fixed={})
    assert [next(pages).number, next(pages).number] == [1, 2]
    with pytest.raises(UnexpectedAnswerError, match="page 3"):
        next(pages)


def test_pages_grow_to_what_comes_in_a_few_seconds_and_shrink_where_the_source_does_not_manage() -> None:
    size = PageSize()
    assert size.rows == 5_000
    size.full_page_took(0.5, rows=5_000)
    assert size.rows == 20_000
    size.full_page_took(7.0, rows=20_000)
    assert size.rows == 10_000
    size.failed()
    assert size.rows == 5_000
    size.failed()
    size.failed()
    assert size.rows == 1_000
    size.full_page_took(60.0, rows=1_000)
    assert size.rows == 1_000
