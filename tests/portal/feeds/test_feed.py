"""The feed as Excel, Power BI and programs read it: right figures, honest pages, closed to others."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree
from openpyxl import load_workbook

from tests.portal.conftest import HOST, make_source
from tests.portal.vouchers.books import MovingBooks
from tieout.portal.feeds import limits, reading
from tieout.portal.feeds.actions import make_token, revoke_token
from tieout.portal.feeds.models import FeedToken
from tieout.portal.people.models import Person
from tieout.portal.stamps.actions import stamp
from tieout.portal.workspaces.models import Membership, Workspace

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


class Program:
    """Asks the feed with a token, as password of Basic."""

    def __init__(self, workspace: Workspace, secret: str) -> None:
        told = base64.b64encode(f"any:{secret}".encode()).decode()
        self.client = Client(headers={"host": HOST, "authorization": f"Basic {told}"})
        self.root = f"/odata/v4/{workspace.slug}/"

    def get(self, path: str = "", *, headers: Any = None, **options: Any) -> Any:
        asked = {f"${name}": value for name, value in options.items()}
        return self.client.get(self.root + path, asked, headers=headers or {})

    def rows(self, path: str, **options: Any) -> list[dict[str, Any]]:
        answer = self.get(path, **options)
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = json.loads(answer.content, parse_float=Decimal)["value"]
        return found


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    made = MovingBooks(workspace)
    made.post(1, date(2026, 1, 5), (1920, "100.10"), (3000, "-100.10"), Description="Sålt «æøå» =1+1")
    made.post(2, date(2026, 2, 5), (6000, "40.05"), (1920, "-40.05"), Description="O'Neil")
    made.sync()
    return made


@pytest.fixture
def token(workspace: Workspace, owner: Person) -> tuple[FeedToken, str]:
    return make_token(workspace, owner, name="Fixture report", days=30)


@pytest.fixture
def program(books: MovingBooks, workspace: Workspace, token: tuple[FeedToken, str]) -> Program:
    return Program(workspace, token[1])


def test_the_service_lists_the_models(program: Program) -> None:
    names = {entry["name"] for entry in json.loads(program.get().content)["value"]}
    assert {"core_postings", "marts_trial_balance", "data_status"} <= names


def test_metadata_declares_exact_types_and_descriptions_in_both_forms(program: Program) -> None:
    tree = etree.fromstring(program.get("$metadata").content)
    kind = next(node for node in tree.iter(f"{EDM}EntityType") if node.get("Name") == "core_postings")
    amount = next(node for node in kind.iter(f"{EDM}Property") if node.get("Name") == "amount")
    assert (amount.get("Type"), amount.get("Precision"), amount.get("Scale")) == ("Edm.Decimal", "18", "4")
    assert "debit positive" in amount[0].get("String", "")
    told = json.loads(program.get("$metadata", format="json").content)["tieout"]["core_postings"]
    assert told["posting_date"]["$Type"] == "Edm.Date"


def test_amounts_have_all_their_digits(program: Program) -> None:
    rows = program.rows("core_postings", select="amount", filter="account_no eq 1920", orderby="amount desc")
    assert [row["amount"] for row in rows] == [Decimal("100.1000"), Decimal("-40.0500")]
    answer = program.get("core_postings", headers={"accept": "application/json;IEEE754Compatible=true"}, top=1)
    assert isinstance(json.loads(answer.content)["value"][0]["amount"], str)


@pytest.mark.parametrize(
    ("condition", "vouchers"),
    [
        ("posting_date ge 2026-02-01 and posting_date lt 2026-03-01", [2]),  # RangeStart and RangeEnd, folded
        ("created_at eq null", [1, 2]),
        ("contains(tolower(description), 'æøå')", [1]),
        ("description eq 'O''Neil'", [2]),
        ("voucher_no in (1, 7)", [1]),
        ("not (voucher_no eq 1)", [2]),
        ("not(voucher_no eq 1) and description ne 'not(that)'", [2]),
        ("year(posting_date) eq 2026 and month(posting_date) eq 1", [1]),
        ("amount gt 100.0999 or amount eq -40.05", [1, 2]),
        ("indexof(description, 'Neil') eq 2", [2]),
        ("department_id ne 5", [1, 2]),
    ],
)
def test_filters_fold(program: Program, condition: str, vouchers: list[int]) -> None:
    rows = program.rows("core_postings", filter=condition, select="voucher_no", orderby="voucher_no")
    assert sorted({row["voucher_no"] for row in rows}) == vouchers


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"filter": "nothing eq 1"}, 400),
        ({"filter": "account_no eq"}, 400),
        ({"filter": "posting_date add 'x' eq 1"}, 400),
        ({"filter": "1 eq 1) or (select count(*) from core.companies) gt (0"}, 400),
        ({"filter": "('" * 100}, 400),
        ({"select": "amount;drop table x"}, 400),
        ({"orderby": "amount; select 1"}, 400),
        ({"top": "-1"}, 400),
        ({"skiptoken": "../../app.db"}, 400),
        ({"expand": "lines"}, 501),
        ({"surprise": "1"}, 400),
    ],
)
def test_what_makes_no_sense_is_told_and_harms_nothing(program: Program, options: dict[str, str], status: int) -> None:
    answer = program.get("core_postings", **options)
    assert answer.status_code == status
    assert json.loads(answer.content)["error"]["message"]


def test_a_walk_over_pages_reads_what_was_there_when_it_began(program: Program, books: MovingBooks) -> None:
    first = json.loads(program.get("core_postings", headers={"prefer": "odata.maxpagesize=3"}, count="true").content)
    books.post(3, date(2026, 3, 5), (1920, "7"), (3000, "-7"))
    books.sync()
    assert first["@odata.count"] == 4
    assert len(first["value"]) == 3
    following = first["@odata.nextLink"].removeprefix(f"http://{HOST}")
    second = json.loads(program.client.get(following, headers={"prefer": "odata.maxpagesize=3"}).content)
    assert len(second["value"]) == 1
    assert "@odata.nextLink" not in second
    assert program.get("core_postings/$count").content == b"6"


def test_a_walk_that_was_left_too_long_says_so(program: Program, books: MovingBooks) -> None:
    answer = program.get("core_postings", skiptoken="00000000-0000-4000-8000-000000000000.3.4.1")
    assert answer.status_code == 410


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "json"])
def test_a_table_is_a_file_too(program: Program, kind: str) -> None:
    answer = program.get(f"core_postings.{kind}", filter="account_no eq 3000", select="posting_date,amount,description")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer["Content-Type"] == reading.FILES[kind] or kind == "json"
    if kind == "xlsx":
        sheet = load_workbook(BytesIO(body)).worksheets[0]
        assert [cell.value for cell in sheet[1]] == ["posting_date", "amount", "description"]
        assert sheet["B2"].value == pytest.approx(-100.10)
        assert sheet["A2"].is_date
        assert sheet.freeze_panes == "A2"
    elif kind == "csv":
        assert "-100.1000" in body.decode()
    assert body


def test_a_text_that_looks_like_a_formula_is_text_in_a_csv(program: Program, books: MovingBooks) -> None:
    books.post(9, date(2026, 4, 1), (1920, "-1"), (3000, "1"), Description="=1+1")
    books.sync()
    answer = program.get("core_postings.csv", filter="voucher_no eq 9 and amount lt 0", select="amount,description")
    assert b"-1.0000,'=1+1" in b"".join(answer.streaming_content)


def test_nobody_reads_without_a_live_token(
    books: MovingBooks, workspace: Workspace, owner: Person, token: tuple[FeedToken, str]
) -> None:
    assert Program(workspace, "tfeed_wrong").get().status_code == 401
    anybody = Client(headers={"host": HOST}).get(f"/odata/v4/{workspace.slug}/")
    assert anybody.status_code == 401
    assert "Basic" in anybody["WWW-Authenticate"]
    assert Program(workspace, token[1]).get().status_code == 200
    revoke_token(token[0], owner)
    assert Program(workspace, token[1]).get().status_code == 401
    _, expired = other = make_token(workspace, owner, name="Old", days=1)
    FeedToken.objects.in_workspace(workspace).filter(pk=other[0].pk).update(
        expires_at=timezone.now() - timedelta(days=1)
    )
    assert Program(workspace, expired).get().status_code == 401


def test_a_token_ends_with_the_membership_and_opens_one_workspace_only(
    books: MovingBooks, workspace: Workspace, other_workspace: Workspace, owner: Person, token: tuple[FeedToken, str]
) -> None:
    assert Program(other_workspace, token[1]).get().status_code == 401
    Membership.objects.in_workspace(workspace).filter(person=owner).delete()
    assert Program(workspace, token[1]).get().status_code == 401


def test_a_token_for_some_companies_reads_no_row_of_others(
    books: MovingBooks, workspace: Workspace, owner: Person
) -> None:
    limited, secret = make_token(workspace, owner, name="None of them", days=1, companies=[books.source])
    limited.companies.clear()  # the company was removed from the workspace
    program = Program(workspace, secret)
    assert program.rows("core_postings") == []
    assert program.get("marts_group_trial_balance").status_code == 404  # adds companies up
    assert program.rows("core_account_classes", top=1)


def test_asking_too_often_is_refused_with_the_time_to_wait(token: tuple[FeedToken, str]) -> None:
    for _ in range(limits.REQUESTS):
        assert limits.seconds_to_wait(token[0].pk, now=100.0) == 0
    assert limits.seconds_to_wait(token[0].pk, now=130.0) == 31
    assert limits.seconds_to_wait(token[0].pk, now=161.0) == 0


def test_a_person_makes_a_token_sees_it_once_and_revokes_it(
    books: MovingBooks, owner_browser: Client, workspace: Workspace
) -> None:
    answer = owner_browser.post("/feeds/", {"name": "Month-end in Excel", "scope": "read", "days": "90"}, follow=True)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    token = FeedToken.objects.in_workspace(workspace).get()
    assert secret not in (token.digest, token.shown)
    again = owner_browser.get(f"/feeds/{token.pk}/made/", follow=True).content.decode()
    assert secret not in again
    owner_browser.post(f"/feeds/{token.pk}/revoke/")
    assert Program(workspace, secret).get().status_code == 401


def test_every_table_is_there_as_it_was_at_a_sync_or_a_stamp(
    program: Program, books: MovingBooks, workspace: Workspace, owner: Person
) -> None:
    def amounts(path: str = "core_postings", **options: str) -> list[str]:
        answer = program.client.get(program.root + path, {"$orderby": "amount", **options})
        assert answer.status_code == 200, answer.content
        return [str(row["amount"]) for row in json.loads(answer.content, parse_float=Decimal)["value"]]

    made = stamp(books.source, name="Board report", on=date(2026, 1, 31))
    then = amounts()
    books.change(1, Amount=0.0)
    books.remove(2)
    later = books.sync()
    assert amounts() != then
    assert amounts(as_of="Board report") == amounts(as_of=str(made.sync)) == then
    assert amounts(as_of=str(later)) == amounts()
    counted = program.client.get(f"{program.root}core_postings/$count", {"as_of": "Board report"})
    assert int(counted.content) == len(then)
    file = program.client.get(f"{program.root}core_postings.csv", {"as_of": "Board report"})
    assert b"O'Neil" in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    balances = program.client.get(f"{program.root}marts_trial_balance", {"as_of": str(made.sync)})
    assert {row["account_no"] for row in json.loads(balances.content)["value"]} >= {1920, 3000, 6000}
    for wrong in ("No such stamp", "999999"):
        assert program.client.get(f"{program.root}core_postings", {"as_of": wrong}).status_code == 400
    other = make_source(workspace, "Fixture Two AS", "910000012")
    elsewhere = Program(workspace, make_token(workspace, owner, name="Another fixture", days=1, companies=[other])[1])
    for hidden in ("Board report", str(made.sync)):
        assert elsewhere.client.get(f"{elsewhere.root}core_postings", {"as_of": hidden}).status_code == 400
