"""*Data*: every table of the workspace, its rows in pages, and as files; never another workspace's."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.syncs.toy_source import make_toy_source
from tests.portal.vouchers.books import MovingBooks
from tests.toy import ToySystem
from tieout.portal.sources.models import Source
from tieout.portal.syncs import actions
from tieout.portal.syncs.models import StreamPhase, StreamState
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def get(browser: Client, name: str = "members", **query: object) -> str:
    response = browser.get(reverse("explorer:table", args=["raw_toy", name]), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def downloaded(browser: Client, kind: str, **query: object) -> bytes:
    response = browser.get(reverse("explorer:download", args=["raw_toy", "members", kind]), query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_before_the_first_sync_it_says_what_will_be_here(owner_browser: Client, workspace: Workspace) -> None:
    page = owner_browser.get(reverse("explorer:tables")).content.decode()
    assert "Nothing here yet" in page


def test_every_table_is_listed_with_its_rows(reader_browser: Client, synced: Source) -> None:
    page = " ".join(reader_browser.get(reverse("explorer:tables")).content.decode().split())
    assert "raw_toy" in page
    assert '<code class="quiet">members</code></th><td class="num">120</td>' in page
    assert "tie_outs" in page


def test_fifty_rows_a_page(owner_browser: Client, synced: Source) -> None:
    assert get(owner_browser).count("<tr>") == 52  # heads, filters, fifty rows
    assert "101–120 of 120" in get(owner_browser, page=3)


def test_sort_and_filter_lie_in_the_address(owner_browser: Client, synced: Source) -> None:
    page = get(owner_browser, sort="fee", **{"f.name": "Member 12"})
    assert "2 rows" in page
    assert page.index("Member 120") < page.index("Member 12<")
    assert "−1,234.50" in page
    assert 'aria-sort="ascending"' in page
    assert "1 row," in get(owner_browser, **{"f.fee": "<0"})


def test_a_filter_without_a_match_says_so(owner_browser: Client, synced: Source) -> None:
    assert "No row matches" in get(owner_browser, **{"f.name": "nobody"})


@pytest.mark.parametrize(
    ("phase", "sentence"),
    [
        (StreamPhase.FETCHING, "rows are still arriving"),
        (StreamPhase.UNAVAILABLE, "Not available to us"),
        (StreamPhase.COMPLETE, "The company has none"),
    ],
)
def test_an_empty_table_says_why(
    owner_browser: Client, workspace: Workspace, system: ToySystem, phase: StreamPhase, sentence: str
) -> None:
    system.records["members"].clear()
    list(actions.perform(make_toy_source(workspace)))
    StreamState.objects.filter(stream="members").update(phase=phase)
    assert sentence in get(owner_browser)


@pytest.mark.parametrize("query", [{"sort": "nothing"}, {"f.nothing": "x"}, {"source": "nobody"}])
def test_what_is_not_there_is_not_found(owner_browser: Client, synced: Source, query: dict[str, str]) -> None:
    url = reverse("explorer:table", args=["raw_toy", "members"])
    assert owner_browser.get(url, query).status_code == 404
    assert owner_browser.get(reverse("explorer:table", args=["pg_catalog", "pg_class"])).status_code == 404


def test_rows_of_another_workspace_are_nowhere(
    owner_browser: Client, synced: Source, other_workspace: Workspace
) -> None:
    foreign = make_toy_source(other_workspace)
    list(actions.perform(foreign))
    assert "120 rows" in get(owner_browser)
    url = reverse("explorer:table", args=["raw_toy", "members"])
    assert owner_browser.get(url, {"source": str(foreign.pk)}).status_code == 404


def test_rows_of_a_removed_source_are_not_shown(owner_browser: Client, synced: Source) -> None:
    from tieout.portal.sources.actions import remove

    remove(synced, by=None, delete_data=False)
    assert "0 rows" in get(owner_browser)


def test_files_hold_what_the_page_shows_exactly(owner_browser: Client, synced: Source, tmp_path: Path) -> None:
    text = downloaded(owner_browser, "csv", **{"f.fee": "<0"}).decode()
    assert "-1234.5000" in text
    assert len(text.splitlines()) == 2
    file = tmp_path / "members.parquet"
    file.write_bytes(downloaded(owner_browser, "parquet"))
    assert duckdb.sql(f"select count(*) from '{file}'").fetchall() == [(120,)]


def test_files_are_deleted_when_they_are_out(owner_browser: Client, synced: Source, home: Path) -> None:
    downloaded(owner_browser, "csv")
    assert list(home.rglob("*.csv")) == []
    assert owner_browser.get(reverse("explorer:download", args=["raw_toy", "members", "exe"])).status_code == 404


def test_nobody_looks_without_signing_in(outsider: Client, synced: Source) -> None:
    for url in (reverse("explorer:tables"), reverse("explorer:table", args=["raw_toy", "members"])):
        assert outsider.get(url).status_code == 302


def test_texts_from_books_are_never_markup(owner_browser: Client, synced: Source, system: ToySystem) -> None:
    system.pass_time(hours=1)
    system.put("members", 121, Name="<script>alert(1)</script>", Fee=1)
    list(actions.perform(synced))
    page = get(owner_browser, **{"f.name": "script"})
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_page_begins_with_the_key_and_ends_with_whose_row_it_is(owner_browser: Client, synced: Source) -> None:
    page = get(owner_browser)
    heads = re.findall(r'<th scope="col"[^>]*><a [^>]*>(\w+)', page)
    assert heads[0] == "id"
    ours = [name for name in heads if name.startswith("_")]
    assert "_source_id" in ours
    assert heads[-len(ours) :] == ours
    assert str(synced.pk) not in page.split("<tbody>")[1]


def test_columns_are_told_with_the_systems_own_field(reader_browser: Client, outsider: Client, synced: Source) -> None:
    address = reverse("explorer:columns", args=["raw_toy", "members"])
    page = " ".join(reader_browser.get(address).content.decode().split())
    assert ": Fee</p>" in page
    assert reader_browser.get(reverse("explorer:columns", args=["raw_toy", "nothing"])).status_code == 404
    assert outsider.get(address).status_code == 302


def test_a_figure_of_a_mart_leads_to_the_models_and_stored_columns_below_it(
    reader_browser: Client, workspace: Workspace
) -> None:
    MovingBooks(workspace)
    page = " ".join(
        reader_browser.get(reverse("explorer:columns", args=["marts", "trial_balance"])).content.decode().split()
    )
    assert "/data/core/monthly_closings/columns/#movement" in page
    assert "/data/raw_poweroffice/account_transactions/columns/#amount" in page
    assert ": Amount</p>" in page
