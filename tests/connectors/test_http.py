from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest

from tests.connectors.fake_server import Asked, FakeServer, Reply, fake_server
from tieout.connectors.bodies import CutOffError
from tieout.connectors.errors import TryLaterError, UnexpectedAnswerError
from tieout.connectors.http import ATTEMPTS, Answer, Call, Http, Meter
from tieout.connectors.turns import Claim, Priority

ROWS = [{"Id": 1, "Name": "Blåbær AS"}, {"Id": 2, "Name": "]"}]


class NoLimit:
    """Counts turns, remembers what became of them. It is its own turn."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.happened: list[str] = []
        self.pushed: list[float] = []

    @property
    def taken(self) -> int:
        return len(self.claims)

    def take(self, claim: Claim, *, patience: float) -> NoLimit:
        self.claims.append(claim)
        return self

    def wait(self) -> None:
        self.happened.append("waited")

    def sent(self) -> None:
        self.happened.append("sent")

    def answered(self, kind: str) -> None:
        self.happened.append(f"answered {kind}")

    def over(self, *, is_well: bool) -> None:
        self.happened.append("well" if is_well else "failed")

    def refused(self, seconds: float) -> None:
        self.pushed.append(seconds)


@pytest.fixture
def limit() -> NoLimit:
    return NoLimit()


@pytest.fixture
def http(limit: NoLimit) -> Iterator[Http]:
    http = Http(limit, user_agent="Tieout/test (fixture@example.com)", trust_environment=False)
    yield http
    http.close()


def ask(http: Http, server: FakeServer, *, spool: Path | None = None, meter: Meter | None = None) -> Answer:
    call = Call(method="GET", url=f"{server.url}/rows", headers={"X-Secret": "hidden"}, spool=spool)
    return http.send(call, meter or Meter())


def once_then_rows(first: Reply) -> FakeAnswers:
    return FakeAnswers([first, Reply.of(ROWS)])


class FakeAnswers:
    """Answers in turn, the last one again and again."""

    def __init__(self, replies: list[Reply]) -> None:
        self.replies = replies

    def __call__(self, asked: Asked) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def test_gzip_goes_to_the_spool_byte_for_byte(http: Http, tmp_path: Path) -> None:
    reply = Reply.of(ROWS, zipped=True)
    with fake_server(lambda _: reply) as server:
        answer = ask(http, server, spool=tmp_path / "page")
    assert answer.path == tmp_path / "page.json.gz"
    assert answer.path.read_bytes() == reply.body
    assert answer.body == b""
    assert [file.name for file in tmp_path.iterdir()] == ["page.json.gz"]


def test_what_came_uncompressed_is_spooled_uncompressed(http: Http, tmp_path: Path) -> None:
    with fake_server(lambda _: Reply.of(ROWS)) as server:
        answer = ask(http, server, spool=tmp_path / "page")
    assert answer.path == tmp_path / "page.json"
    assert json.loads(answer.path.read_bytes()) == ROWS


def test_we_say_who_we_are_and_ask_for_gzip_only(http: Http) -> None:
    with fake_server(lambda _: Reply.of(ROWS)) as server:
        ask(http, server)
    assert server.asked[0].headers["User-Agent"] == "Tieout/test (fixture@example.com)"
    assert server.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "broken",
    [
        Reply(200, b'[{"Id": 1}, {"I', cut=20),
        Reply(200, b'[{"Id": 1}, {"Id"'),
        Reply(200, b'[{"Id": 1}, {"Groups": [1]'),
        Reply(200, b'{"Id": 1}'),
        Reply(200, b""),
        Reply(200, b"<html>a proxy's page</html>"),
        Reply(200, gzip.compress(json.dumps(ROWS).encode())[:-12], {"Content-Encoding": "gzip"}),
        Reply(200, gzip.compress(json.dumps(ROWS).encode())[:-4] + b"\0\0\0\0", {"Content-Encoding": "gzip"}),
        Reply(200, b"[]", {"Content-Encoding": "gzip"}),
    ],
    ids=["connection_ends", "row_ends", "list_ends", "object", "empty", "html", "gzip_ends", "wrong_length", "no_gzip"],
)
def test_a_body_that_is_not_whole_is_asked_for_again(http: Http, tmp_path: Path, broken: Reply) -> None:
    meter = Meter()
    with fake_server(once_then_rows(broken)) as server:
        answer = ask(http, server, spool=tmp_path / "page", meter=meter)
    assert answer.path is not None
    assert json.loads(answer.path.read_bytes()) == ROWS
    assert meter.requests == len(server.asked) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["page.json"]


def test_a_body_that_is_never_whole_is_an_unexpected_answer_and_leaves_no_file(http: Http, tmp_path: Path) -> None:
    with fake_server(lambda _: Reply(200, b'[{"Id": 1}, ')) as server, pytest.raises(CutOffError) as caught:
        ask(http, server, spool=tmp_path / "page")
    assert isinstance(caught.value, UnexpectedAnswerError)
    assert len(server.asked) == ATTEMPTS
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("body", [b"[]", b" [ ] ", b'[\n  {"Id": 1}\n]\n'])
def test_blanks_around_brackets_do_not_matter(http: Http, tmp_path: Path, body: bytes) -> None:
    with fake_server(lambda _: Reply(200, body)) as server:
        answer = ask(http, server, spool=tmp_path / "page")
    assert answer.path is not None
    assert answer.path.read_bytes() == body


def test_429_is_waited_out_by_everybody_and_counted(http: Http, limit: NoLimit) -> None:
    meter = Meter()
    with fake_server(once_then_rows(Reply.of({}, 429, headers={"Retry-After": "3"}))) as server:
        assert ask(http, server, meter=meter).status == 200
    assert limit.pushed == [3.0]
    assert (meter.requests, meter.throttled, limit.taken) == (2, 1, 2)


def test_429_without_a_time_waits_a_second(http: Http, limit: NoLimit) -> None:
    with fake_server(once_then_rows(Reply.of({}, 429))) as server:
        ask(http, server)
    assert limit.pushed == [1.0]


def test_a_time_to_wait_given_as_a_date_is_read_by_the_servers_clock(http: Http, limit: NoLimit) -> None:
    told = {"Retry-After": "Sun, 22 Nov 2015 10:00:30 GMT", "Date": "Sun, 22 Nov 2015 10:00:20 GMT"}
    answers = FakeAnswers([Reply.of({}, 429, headers=told), Reply.of(ROWS)])
    with fake_server(answers) as server:
        server._server.RequestHandlerClass.send_response = send_response_only  # type: ignore[attr-defined]
        ask(http, server)
    assert limit.pushed == [10.0]


def send_response_only(handler: object, status: int) -> None:
    handler.send_response_only(status)  # type: ignore[attr-defined]


def test_a_service_that_asks_for_a_long_wait_is_left_to_the_next_sync(http: Http) -> None:
    with (
        fake_server(lambda _: Reply.of({}, 503, headers={"Retry-After": "600"})) as server,
        pytest.raises(TryLaterError) as caught,
    ):
        ask(http, server)
    assert len(server.asked) == 1
    assert caught.value.retry_after_seconds == 600


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_the_service_is_tried_again_and_then_later(http: Http, status: int) -> None:
    with fake_server(lambda _: Reply(status)) as server, pytest.raises(TryLaterError):
        ask(http, server)
    assert len(server.asked) == ATTEMPTS


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404])
def test_other_answers_are_the_callers_to_judge(http: Http, status: int) -> None:
    with fake_server(lambda _: Reply(status)) as server:
        assert ask(http, server).status == status
    assert len(server.asked) == 1


def test_a_service_that_is_not_there_is_tried_later(http: Http) -> None:
    with fake_server(lambda _: Reply()) as server:
        pass
    meter = Meter()
    with pytest.raises(TryLaterError, match="can't be reached"):
        ask(http, server, meter=meter)
    assert meter.requests == ATTEMPTS


def test_a_service_that_stays_silent_is_tried_later(limit: NoLimit) -> None:
    impatient = Http(limit, user_agent="test", trust_environment=False, timeout=httpx2.Timeout(0.05))
    done = threading.Event()
    with fake_server(lambda _: Reply(200 if done.wait(10) else 500)) as server:
        with pytest.raises(TryLaterError, match="in time"):
            ask(impatient, server)
        done.set()
    impatient.close()
    assert len(server.asked) == ATTEMPTS


def test_the_servers_clock_is_carried_on(http: Http) -> None:
    meter = Meter()
    assert meter.server_time() is None
    with fake_server(lambda _: Reply.of(ROWS)) as server:
        answer = ask(http, server, meter=meter)
    now = meter.server_time()
    assert now is not None
    assert answer.date is not None
    assert timedelta() <= now - answer.date < timedelta(seconds=5)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_amounts_are_read_exactly_as_written() -> None:
    answer = Answer(status=200, headers={}, body=b'{"Balance": 9007199254740.93}')
    assert answer.json() == {"Balance": Decimal("9007199254740.93")}


def test_no_secret_shows_in_what_is_printed_of_a_call_or_an_answer() -> None:
    call = Call(
        method="POST", url="http://127.0.0.1/x", headers={"A": "secret"}, params={"b": "secret"}, body=b"secret"
    )
    answer = Answer(status=200, headers={"A": "secret"}, body=b"secret")
    assert "secret" not in repr(call) + repr(answer)


def test_a_call_with_little_patience_does_not_wait_for_a_slow_answer(http: Http) -> None:
    given_up = threading.Event()

    def slow(_: Asked) -> Reply:
        given_up.wait(30)  # ends as soon as the call has
        return Reply.of(ROWS)

    with fake_server(slow) as server:
        try:
            with pytest.raises(TryLaterError, match="in time"):
                http.send(Call(method="GET", url=f"{server.url}/rows", patience=0.2), Meter())
        finally:
            given_up.set()


def test_a_wait_that_is_longer_than_a_calls_patience_is_left_to_another_time(http: Http) -> None:
    busy = Reply.of({}, 429, headers={"Retry-After": "30"})
    with fake_server(lambda _: busy) as server, pytest.raises(TryLaterError, match="slow down"):
        http.send(Call(method="GET", url=f"{server.url}/rows", patience=20), Meter())
    assert len(server.asked) == 1


def test_a_turn_is_waited_for_and_told_once_a_request_whoever_it_is_for(http: Http, limit: NoLimit) -> None:
    claim = Claim("a data source", Priority.FILL)
    with fake_server(lambda _: Reply.of(ROWS)) as server:
        for _ in range(2):
            ask(http, server, meter=Meter(claim))
    assert limit.claims == [claim, claim]
    assert limit.happened == ["waited", "sent", "answered rows", "well"] * 2


def test_a_turn_is_waited_for_with_the_connection_open_so_that_who_finds_nobody_uses_none(
    http: Http, limit: NoLimit
) -> None:
    with fake_server(lambda _: Reply.of(ROWS)) as server:
        url = server.url
    with pytest.raises(TryLaterError):
        http.send(Call(method="GET", url=f"{url}/rows", patience=0.1), Meter())
    assert set(limit.happened) == {"failed"}


def test_requests_that_name_a_record_are_of_one_kind(http: Http, limit: NoLimit) -> None:
    with fake_server(lambda _: Reply.of(ROWS)) as server:
        for number in (1, 2):
            http.send(Call(method="GET", url=f"{server.url}/v/invoices/0f{number}c-a/Lines"), Meter())
    assert {told for told in limit.happened if "answered" in told} == {"answered v/invoices/*/Lines"}
