"""*Ask in SQL*: an answer is one person's, of the companies that he sees; what can't be asked is told in words."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.conftest import browser_of
from tests.portal.syncs.toy_source import make_toy_source
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.syncs import actions
from tieout.portal.workspaces.actions import limit_to
from tieout.portal.workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = "select count(*) as members from raw_toy.members"


def ask(browser: Client, sql: str, status: int = 200) -> str:
    answer = browser.post(reverse("explorer:sql"), {"sql": sql}, follow=True)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def address(browser: Client, sql: str) -> str:
    return str(browser.post(reverse("explorer:sql"), {"sql": sql}).headers["Location"])


def test_before_the_first_sync_it_says_what_will_be_here(owner_browser: Client, workspace: Workspace) -> None:
    assert "Nothing here yet" in owner_browser.get(reverse("explorer:sql")).content.decode()
    assert "Nothing here yet" in ask(owner_browser, COUNT)


def test_a_reader_asks_beside_the_tables_and_sees_figures_at_the_right(reader_browser: Client, synced: Source) -> None:
    empty = reader_browser.get(reverse("explorer:sql")).content.decode()
    assert 'data-put="raw_toy.members"' in empty
    assert "<code>fee</code>" in empty
    page = ask(reader_browser, "select name, fee from raw_toy.members where fee < 0")
    assert '<td>Member 120</td><td class="num">−1,234.50</td>' in page
    assert "1 row" in page
    assert "where fee &lt; 0</textarea>" in page


def test_what_cannot_be_asked_is_told_with_its_place(reader_browser: Client, synced: Source) -> None:
    page = ask(reader_browser, "select *\nfrom read_csv('/etc/passwd')", status=422)
    assert "Line 2, column 6: read_csv is not open here" in page
    page = ask(reader_browser, "select nothing from raw_toy.members", status=422)
    assert "Line 1, column 8: A column or table is not there" in page
    assert "select <mark>nothing</mark> from raw_toy.members</pre>" in page
    page = ask(reader_browser, "select 'æøå',\n  cast(name as integer) from raw_toy.members", status=422)
    assert "Line 2, column 3: A value does not fit" in page
    page = ask(reader_browser, "select name\nfrom raw_toy.members\nwhere order by", status=422)
    assert "<mark>order</mark> by</pre>" in page


def test_an_answer_is_a_file_too(reader_browser: Client, synced: Source, home: Path) -> None:
    where = address(reader_browser, "select '=1+1' as text, fee from raw_toy.members order by fee limit 1")
    files = {
        kind: b"".join(reader_browser.get(f"{where}file.{kind}").streaming_content)  # type: ignore[attr-defined]
        for kind in ("csv", "xlsx", "parquet")
    }
    assert files["csv"].decode().splitlines() == ["text,fee", "'=1+1,-1234.5000"]
    assert files["parquet"].startswith(b"PAR1")
    sheet = openpyxl.load_workbook(BytesIO(files["xlsx"]))["SQL"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", -1234.5]
    assert reader_browser.get(f"{where}file.exe").status_code == 404
    assert len(list(home.rglob("answer-*"))) == 2  # the answer and what is told of it


def test_a_few_rows_can_be_a_chart_and_an_answer_is_nobody_elses(
    reader_browser: Client, owner_browser: Client, synced: Source
) -> None:
    where = address(reader_browser, "select name, fee from raw_toy.members order by fee limit 3")
    page = reader_browser.get(where, {"chart": "fee"}).content.decode()
    assert len(re.findall("<rect class=", page)) == 3
    assert "<rect class=" not in reader_browser.get(where, {"chart": "name"}).content.decode()
    assert owner_browser.get(where).status_code == 404
    assert owner_browser.get(f"{where}file.csv").status_code == 404


def test_who_is_limited_asks_about_his_companies_and_keeps_no_older_answer(
    workspace: Workspace, synced: Source, reader: Person, owner: Person, other_workspace: Workspace
) -> None:
    other = make_toy_source(workspace, number="910000004")
    list(actions.perform(other))
    list(actions.perform(make_toy_source(other_workspace)))
    browser = browser_of(reader)
    assert '<td class="num">240</td>' in ask(browser, COUNT)
    before = address(browser, COUNT)
    limit_to(Membership.objects.in_workspace(workspace).get(person=reader), [other], by=owner)
    assert '<td class="num">120</td>' in ask(browser, COUNT)
    assert browser.get(before).status_code == 404


def test_nobody_asks_without_signing_in(outsider: Client, workspace: Workspace) -> None:
    assert outsider.get(reverse("explorer:sql")).status_code == 302
    assert outsider.post(reverse("explorer:sql"), {"sql": COUNT}).status_code == 302
