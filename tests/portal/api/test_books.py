"""The API over a company's books: SAF-T files, grouping codes, report lines, budgets, reports, attachments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from lxml import etree

from tests.connectors.fake_server import Reply, fake_server
from tests.connectors.poweroffice.fake import Answers, FakePowerOffice, always
from tests.connectors.poweroffice.fake import settings as settings_of
from tests.portal.api.conftest import Program
from tests.portal.reports.conftest import books as books
from tests.portal.vouchers.books import MovingBooks
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit
from tieout.portal.saft import actions as saft
from tieout.portal.workspaces.models import Workspace
from tieout.reports.saft.elements import NAMESPACE

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = {"fiscal_year": 2026, "contact": "Test Administrator"}
LINES = [
    {"statement": "income_statement", "order": 10, "line": "What we sold", "accounts": "3000-3999", "sign": "credit"},
    {"statement": "income_statement", "order": 20, "line": "What it cost", "accounts": "6000-6999", "sign": "debit"},
    {"statement": "income_statement", "order": 30, "line": "What is left", "sign": "credit", "sum_from": 10},
]


@pytest.fixture
def path(books: MovingBooks) -> str:
    return f"sources/{books.source.pk}"


def test_a_year_is_written_checked_and_fetched(
    administrator_program: Program, reader_program: Program, books: MovingBooks, path: str
) -> None:
    reader_program.post(f"{path}/saft-files", YEAR, status=403)
    books.post(9, date(2026, 3, 9), (1920, "5.00"), (3000, "-4.00"))
    books.sync()
    made = administrator_program.post(f"{path}/saft-files", YEAR)
    assert (made["debit"], made["first_month"], made["last_month"]) == ("635.75", 1, 12)
    assert {one["check"]: one["findings"] for one in made["checks"]}["Every voucher balances"] == 1
    assert made["findings"] == sum(one["findings"] for one in made["checks"])
    (listed,) = reader_program.get(f"{path}/saft-files")["items"]
    assert listed == {name: made[name] for name in listed}
    assert reader_program.get(f"{path}/saft-files/{made['file']}") == made
    answer = reader_program.call("GET", f"{path}/saft-files/{made['file']}/file")
    content = b"".join(answer.streaming_content)
    assert len(content) == made["bytes"]
    assert len(list(etree.fromstring(content).iter(f"{{{NAMESPACE}}}Line"))) == 8
    (Path(saft.files.folder_of(books.source)) / f"{made['file']}.xml").unlink()
    reader_program.get(f"{path}/saft-files/{made['file']}/file", status=404)
    assert reader_program.get(f"{path}/saft-files/{made['file']}")["is_kept"] is False


def test_a_file_that_can_not_be_written_says_why_by_the_apis_own_names(
    owner_program: Program, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = owner_program.post(f"{path}/saft-files", YEAR | {"first_month": 5, "last_month": 2}, status=422)
    assert [one["field"] for one in told["errors"]] == ["last_month"]
    told = owner_program.post(f"{path}/saft-files", YEAR | {"fiscal_year": 1999}, status=422)
    assert [one["field"] for one in told["errors"]] == ["fiscal_year"]
    monkeypatch.setattr(saft, "MOST_LINES", 3)
    told = owner_program.post(f"{path}/saft-files", YEAR, status=409)
    assert told["type"].endswith(":too-large")
    assert "1–2" in told["detail"]
    assert saft._one_at_a_time.acquire(blocking=False)
    try:
        assert owner_program.post(f"{path}/saft-files", YEAR, status=503)["who_must_act"] == "nobody"
    finally:
        saft._one_at_a_time.release()
    assert owner_program.get(f"{path}/saft-files")["items"] == []


def test_grouping_codes_are_confirmed_and_left_to_the_rule_all_or_none(
    owner_program: Program, reader_program: Program, path: str
) -> None:
    def codes() -> dict[int, tuple[str, bool]]:
        listed = reader_program.get(f"{path}/grouping-codes?limit=200")["items"]
        return {one["account_no"]: (one["code"], one["is_confirmed"]) for one in listed}

    before = codes()
    assert before[6000] == ("6000", False)
    change = {"codes": [{"account_no": 6000, "code": "6300"}]}
    reader_program.patch(f"{path}/grouping-codes", change, status=403)
    wrong = {"codes": [*change["codes"], {"account_no": 1920, "code": "1"}, {"account_no": 9, "code": None}]}
    told = owner_program.patch(f"{path}/grouping-codes", wrong, status=422)
    assert {one["field"] for one in told["errors"]} == {"codes.1920", "codes.9"}
    twice = {"codes": [*change["codes"], *change["codes"]]}
    assert owner_program.patch(f"{path}/grouping-codes", twice, status=422)["errors"][0]["field"] == "codes"
    assert codes() == before
    assert owner_program.patch(f"{path}/grouping-codes", change) == {"confirmed": 1, "by_rule": len(before) - 1}
    assert codes() == before | {6000: ("6300", True)}
    back = {"codes": [{"account_no": 6000, "code": None}], "confirm_rest": True}
    assert owner_program.patch(f"{path}/grouping-codes", back) == {"confirmed": len(before) - 1, "by_rule": 1}
    assert codes() == {no: (code, no != 6000) for no, (code, _) in before.items()}


def test_report_lines_are_made_used_changed_and_taken_away(
    administrator_program: Program, reader_program: Program, path: str
) -> None:
    reader_program.post("report-lines", {"name": "Ours", "lines": LINES}, status=403)
    made = administrator_program.post("report-lines", {"name": "Ours", "lines": LINES})
    assert [one["line"] for one in made["lines"]] == ["What we sold", "What it cost", "What is left"]
    assert {one["accounts"] for one in made["unmapped"] if one["statement"] == "income_statement"} == {"8888"}
    assert "result" in {one["accounts"] for one in made["unmapped"] if one["statement"] == "balance_sheet"}
    (listed,) = reader_program.get("report-lines")["items"]
    assert (listed["layout"], listed["name"]) == (made["layout"], "Ours")
    shown = reader_program.get(f"reports/income-statement?layout={made['layout']}&year=2026&part=to3")
    values = {line["label"]: line["values"] for line in shown["sheets"][0]["lines"]}
    assert Decimal(next(iter(values["What is left"].values()))) == Decimal("380.25")
    assert administrator_program.post("report-lines", {"name": "ours"}, status=409)["type"].endswith(":name-taken")
    twice = [LINES[0], LINES[0] | {"order": 11}]
    told = administrator_program.patch(f"report-lines/{made['layout']}", {"lines": twice}, status=422)
    assert told["errors"][0]["message"].startswith("Row 2")
    assert reader_program.get(f"report-lines/{made['layout']}") == made
    renamed = administrator_program.patch(f"report-lines/{made['layout']}", {"name": "Theirs"})
    assert (renamed["name"], renamed["lines"]) == ("Theirs", made["lines"])
    administrator_program.delete(f"report-lines/{made['layout']}")
    assert reader_program.get("report-lines")["items"] == []


def test_own_lines_can_begin_with_those_of_the_act(owner_program: Program, path: str) -> None:
    act = owner_program.get("report-lines/norwegian")["lines"]
    assert any("3000" in one["accounts"] for one in act)
    assert owner_program.post("report-lines", {"name": "  "}, status=422)["errors"][0]["field"] == "name"
    made = owner_program.post("report-lines", {"name": "As the Act"})
    owner_program.patch(f"report-lines/{made['layout']}", {"name": " "}, status=422)
    assert made["lines"] == act
    again = owner_program.post("report-lines", {"name": "Sent back", "lines": act})
    assert again["lines"] == act


def test_a_budget_is_given_read_compared_and_taken_away(
    administrator_program: Program, reader_program: Program, books: MovingBooks, path: str
) -> None:
    amounts = [
        {"account_no": 3000, "month": "2026-01", "amount": "1000.50"},
        {"account_no": 6000, "month": "2026-03", "amount": "300.123"},
    ]
    reader_program.post(f"{path}/budgets", {"sign": "report", "amounts": amounts}, status=403)
    taken = administrator_program.post(f"{path}/budgets", {"sign": "report", "amounts": amounts})
    assert taken == {"fiscal_years": [2026]}
    (listed,) = reader_program.get("budgets")["items"]
    assert {name: Decimal(listed[name]) for name in ("income", "costs", "result")} == {
        "income": Decimal("1000.5"), "costs": Decimal("300.123"), "result": Decimal("700.377"),
    }  # fmt: skip
    stored = reader_program.get(f"{path}/budgets/2026")["amounts"]
    assert [(one["account_no"], one["month"], Decimal(one["amount"])) for one in stored] == [
        (one["account_no"], one["month"], Decimal(str(one["amount"]))) for one in amounts
    ]
    reader_program.get("reports/income-statement?compare=budget&year=2026")
    wrong: dict[str, Any] = {
        "sign": "ledger",
        "amounts": [*amounts, {"account_no": 1, "month": "2026-01", "amount": "1"}],
    }
    told = administrator_program.post(f"{path}/budgets", wrong, status=422)
    assert told["errors"][0]["field"] == "amounts"
    wrong["amounts"] = [amounts[0] | {"amount": "1e3"}]
    told = administrator_program.post(f"{path}/budgets", wrong, status=422)
    assert [one["field"] for one in told["errors"]] == ["amounts.0.amount"]
    assert reader_program.get(f"{path}/budgets/2026")["amounts"] == stored
    administrator_program.delete(f"{path}/budgets/2026")
    administrator_program.delete(f"{path}/budgets/2026", status=404)
    assert reader_program.get("budgets")["items"] == []


def test_a_report_is_told_exactly_and_as_a_file(reader_program: Program, books: MovingBooks) -> None:
    names = [one["report"] for one in reader_program.get("reports")["items"]]
    assert {"trial-balance", "vat", "between-companies"} <= set(names)
    told = reader_program.get("reports/trial-balance?year=2026&part=to3&compare=none")
    assert (told["first"], told["last"], told["before_first"]) == ("2026-01-01", "2026-03-31", None)
    assert told["companies"] == [str(books.source.pk)]
    values = {line["label"].split()[0]: line["values"] for line in told["sheets"][0]["lines"]}
    assert Decimal(values["1920"]["closing"]) == Decimal("1570.35")
    assert {column["name"] for column in told["sheets"][0]["columns"]} == set(values["1920"])
    for name in names:
        reader_program.get(f"reports/{name}")
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = reader_program.call("GET", f"reports/trial-balance/files/{ending}?year=2026")
        assert answer.content.startswith(begins), ending
        assert f".{ending}" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("year=1999", "year"), ("part=q9", "part"), ("compare=budget", "compare"), ("layout=x", "layout"), ("q=a", "q")],
)
def test_what_a_page_takes_for_no_choice_is_refused(
    reader_program: Program, books: MovingBooks, query: str, field: str
) -> None:
    told = reader_program.get(f"reports/trial-balance?{query}", status=422)
    assert [one["field"] for one in told["errors"]] == [field]


def test_reports_of_nothing_or_of_others_are_told_apart(reader_program: Program, workspace: Workspace) -> None:
    assert reader_program.get("reports/vat", status=409)["type"].endswith(":not-synced")
    reader_program.get("reports/no-such-report", status=404)
    reader_program.get("reports/vat?company=00000000-0000-4000-8000-000000000000", status=404)


def test_a_report_and_a_card_as_they_were(reader_program: Program, books: MovingBooks) -> None:
    sync = books.sync()
    books.change(2, Amount=0.0)
    books.sync()

    def closing(query: str) -> Decimal:
        told = reader_program.get(f"reports/trial-balance?year=2026{query}")
        return Decimal(next(one["values"]["closing"] for one in told["sheets"][0]["lines"] if "1920" in one["label"]))

    assert closing("") == Decimal("1069.85")
    assert closing(f"&as_of={sync}") == Decimal("1570.35")
    reader_program.get("reports/trial-balance?as_of=999", status=404)
    reader_program.get(f"reports/receivables/cards/{books.source.pk}/999", status=404)


@pytest.fixture
def answers(books: MovingBooks, tmp_path: Path) -> Iterator[Answers]:
    """What PowerOffice answers about attachments."""
    told: Answers = {"/VoucherDocumentation": always(Reply(500))}
    with fake_server(FakePowerOffice(told)) as server:
        settings.CONNECTORS = {"poweroffice": PowerOffice(settings_of(tmp_path, server.url), limit=NoLimit())}
        yield told


def test_attachments_are_listed_and_handed_on(
    reader_program: Program, books: MovingBooks, path: str, answers: Answers
) -> None:
    voucher = next(one["VoucherId"] for one in books.lines.values() if one["VoucherNo"] == 2)
    answers["/VoucherDocumentation"] = always(Reply.of([{"VoucherId": voucher, "HasPdf": True}]))
    told: Any = reader_program.get(f"{path}/vouchers/2/attachments")
    assert told == {"items": [{"kind": "pdf", "ending": "zip"}]}
    answers["/VoucherDocumentation/Download"] = always(Reply(body=b"PK fixture"))
    answer = reader_program.call("GET", f"{path}/vouchers/2/attachments/pdf?voucher_id={voucher}")
    assert b"".join(answer.streaming_content) == b"PK fixture"
    assert answer["X-Content-Type-Options"] == "nosniff"
    reader_program.get(f"{path}/vouchers/77/attachments", status=404)
    reader_program.get(f"{path}/vouchers/2/attachments?voucher_id=x", status=404)
    answers["/VoucherDocumentation"] = always(Reply.of({"title": "Forbidden"}, 403))
    answers["/ClientIntegrationInformation"] = always(Reply.of({"ValidPrivileges": ["Customer"]}))
    refused = reader_program.get(f"{path}/vouchers/2/attachments", status=409)
    assert refused["who_must_act"] == "company"
