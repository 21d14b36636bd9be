"""A server of account transactions that only sends: `python -m bench.server ROWS [--copies N]`, ended by its caller.

Pages are made before the first request, so that every contender is measured against the same bytes at the speed of memory.
GET /v2/AccountTransactions?PageNumber=&PageSize= (any span of dates), with lastChangedDateTimeOffsetGreaterThan the changes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.transactions import FIRST_ID, books

DATA = Path(__file__).parent.parent / ".bench" / "data"
PAGE_SIZE = 5_000  # the vendor's default (contract 5.1), and every contender's
_REQUEST = re.compile(rb"(GET|POST) (\S+) HTTP/1\.1\r\n")
_NUMBER = re.compile(rb"[?&]PageNumber=(\d+)")
_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (\d+)")
_CHANGES = b"lastChangedDateTimeOffsetGreaterThan="
_ID = b'"Id":' + str(FIRST_ID)[:1].encode()


class Pages:
    """All pages of one list. `copies` times as many rows are served, each copy with Ids of its own."""

    def __init__(self, path: Path, copies: int = 1) -> None:
        lines = path.read_bytes().splitlines()
        starts = range(0, len(lines), PAGE_SIZE)
        self._pages = [b"[" + b",".join(lines[start : start + PAGE_SIZE]) + b"]" for start in starts]
        self._rows, self._copies = len(lines) * copies, copies
        assert copies == 1 or len(lines) % PAGE_SIZE == 0, "a copy begins with a page of its own"

    def answer(self, number: int) -> bytes:
        """The answer with page `number`, from 1; an empty list behind the last."""
        last = len(self._pages) * self._copies
        body = self._page(number - 1) if 1 <= number <= last else b"[]"
        told: dict[str, object] = {
            "currentPage": number,
            "pageSize": PAGE_SIZE,
            "totalPages": last,
            "totalCount": self._rows,
        }
        told |= {"nextPageLink": "more"} if number < last else {}
        return answer(body, f"X-Pagination: {json.dumps(told)}\r\n")

    def _page(self, place: int) -> bytes:
        copy, page = divmod(place, len(self._pages))
        return self._pages[page].replace(_ID + b"0", _ID + str(copy).encode()) if copy else self._pages[page]


def answer(body: bytes, headers: str = "") -> bytes:
    """An HTTP answer with a JSON body."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One connection, kept alive; requests are answered in order."""

    def __init__(self, rows: Pages, changes: Pages) -> None:
        self._rows, self._changes = rows, changes
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._received[:end])
            whole = end + 4 + int(length.group(1) if length else 0)
            if len(self._received) < whole:
                return
            request, self._received = self._received[:whole], self._received[whole:]
            self._transport.write(self._answer(request))

    def _answer(self, request: bytes) -> bytes:
        found = _REQUEST.match(request)
        assert found is not None, request[:200]
        if found.group(1) == b"POST":
            return answer(b'{"access_token":"bench","token_type":"Bearer","expires_in":1200}')
        pages = self._changes if _CHANGES in found.group(2) else self._rows
        number = _NUMBER.search(found.group(2))
        return pages.answer(int(number.group(1)) if number else 1)


async def serve(rows: int, copies: int) -> None:
    made = books(DATA, rows)
    pages, changes = Pages(made.rows, copies), Pages(made.changes)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(pages, changes), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def serving(rows: int, *, copies: int = 1) -> Iterator[str]:
    """The server in a process of its own until the block ends; gives its address."""
    words = [sys.executable, "-m", "bench.server", str(rows), "--copies", str(copies)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            port = child.stdout.readline().strip()
            assert port, "the server did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--copies", type=int, default=1)
    asked = parser.parse_args()
    asyncio.run(serve(asked.rows, asked.copies))
