"""Ask ahead: while one answer is loaded, the next questions are already on their way, as many as the source bears.

Bounded twice: so many questions at once, so many pages waiting in each. Order is kept.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tieout.catalog import Ask, Page
from tieout.connectors.base import Reader
from tieout.warehouse.spool import Spool

QUESTIONS_AHEAD = 12
PAGES_AHEAD = 3
_END = object()


class Answer:
    """The pages of one question, fetched by a thread of its own as soon as it is its turn."""

    def __init__(self, reader: Reader, ask: Ask, spool: Spool, clock: Callable[[], datetime]) -> None:
        self.ask = ask
        self.folder: Path = spool.fresh()
        self.asked_at = clock()  # the source's clock: what changes from here on may be missing in the answer
        self._reader = reader
        self._waiting: queue.Queue[object] = queue.Queue(PAGES_AHEAD)
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._fetch, name=f"fetch {ask.stream.name}", daemon=True)
        self._thread.start()

    def pages(self) -> Iterator[Page]:
        """The pages as they come. Raises what the reader raised."""
        while (item := self._waiting.get()) is not _END:
            if isinstance(item, BaseException):
                raise item
            assert isinstance(item, Page)
            yield item

    def give_up(self) -> None:
        """Stop fetching; what is on its way is dropped."""
        self._given_up.set()
        self._empty()
        self._thread.join()

    def _fetch(self) -> None:
        try:
            for page in self._reader.pages(self.ask, self.folder):
                self._put(page)
                if self._given_up.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where the pages are read
            self._put(error)
        self._put(_END)

    def _put(self, item: object) -> None:
        while not self._given_up.is_set():
            with suppress(queue.Full):
                self._waiting.put(item, timeout=0.2)
                return

    def _empty(self) -> None:
        while not self._waiting.empty():
            self._waiting.get_nowait()


def answers(reader: Reader, asks: Iterable[Ask], spool: Spool, clock: Callable[[], datetime]) -> Iterator[Answer]:
    """An answer per question, in order; the next few are asked meanwhile. Close the iterator to give the rest up."""
    running: deque[Answer] = deque()
    waiting = iter(asks)

    def ask_next() -> None:
        ask = next(waiting, None)
        if ask is not None:
            running.append(Answer(reader, ask, spool, clock))

    try:
        for _ in range(QUESTIONS_AHEAD):
            ask_next()
        while running:
            yield running[0]
            running.popleft()
            ask_next()
    finally:
        for answer in running:
            answer.give_up()
