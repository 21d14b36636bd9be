"""The close board: worst first, searched, in pages, and one query however many companies there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.portal.conftest import make_source
from tieout.portal.proofs.board import Readiness, board_of
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)
AGREES = {"outcome": "agrees", "compared": 214, "differing": 0}
ALL_AGREE = dict.fromkeys(("ledger", "customers", "suppliers", "vouchers"), AGREES)


def company(workspace: Workspace, name: str, number: int, **fields: Any) -> Source:
    given: dict[str, Any] = {
        "first_sync_done_at": NOW,
        "last_complete_at": NOW,
        "verdict": "proved",
        "verdict_note": {"checks": ALL_AGREE},
        "facts": {"locked_to": "2026-10-31"},
    }
    return make_source(workspace, name, f"{number:09d}", **(given | fields))


def test_worst_is_first_and_each_is_in_its_group(workspace: Workspace) -> None:
    differs = {**ALL_AGREE, "ledger": {"outcome": "differs", "compared": 214, "differing": 3}}
    company(workspace, "Ready AS", 1)
    company(workspace, "Unlocked AS", 2, facts={"locked_to": "2026-10-30"})
    company(workspace, "Differing AS", 3, verdict="not_proved", verdict_note={"checks": differs})
    board = board_of(workspace, {}, now=NOW)
    assert [(row.source.name, row.readiness) for row in board.page] == [
        ("Differing AS", Readiness.NEEDS_YOU),
        ("Unlocked AS", Readiness.NOT_READY),
        ("Ready AS", Readiness.READY),
    ]
    assert (board.needs_you, board.not_ready, board.ready) == (1, 1, 1)


def test_another_month_needs_another_lock(workspace: Workspace) -> None:
    company(workspace, "Ready AS", 1)
    assert board_of(workspace, {"month": "2026-11"}, now=NOW).not_ready == 1
    assert board_of(workspace, {"month": "nonsense"}, now=NOW).ready == 1


@pytest.mark.parametrize("month", ["0001-01", "1900-01", "2199-12", "9999-12", "99999-01", "2026-13", "\x00"])
def test_no_month_breaks_the_page(reader_browser: Client, workspace: Workspace, month: str) -> None:
    company(workspace, "Ready AS", 1)
    assert reader_browser.get(reverse("proofs:board"), {"month": month}).status_code == 200


def test_what_was_never_compared_is_not_ready(workspace: Workspace) -> None:
    company(workspace, "New AS", 1, verdict="proved", verdict_note={})
    assert board_of(workspace, {}, now=NOW).not_ready == 1


def test_three_hundred_companies_cost_three_queries_and_come_in_pages(
    workspace: Workspace, other_workspace: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Source.objects.bulk_create(
        Source(workspace=workspace, connector="toy", name=f"Company {n}", organisation_number=f"{n:09d}")
        for n in range(300)
    )
    company(other_workspace, "Foreign AS", 999)
    with django_assert_num_queries(3):
        board = board_of(workspace, {"page": "3"}, now=NOW)
    assert (board.page.paginator.count, len(board.page.object_list)) == (300, 100)
    assert board_of(workspace, {"q": "company 299"}, now=NOW).page.paginator.count == 1
    assert board_of(workspace, {"q": "000 000 299"}, now=NOW).page.paginator.count == 1


def test_the_page_says_how_many_and_leads_to_each_proof(reader_browser: Client, workspace: Workspace) -> None:
    ready = company(workspace, "Ready AS", 1)
    page = " ".join(reader_browser.get(reverse("proofs:board"), {"month": "2026-10"}).content.decode().split())
    assert "October 2026: 0 need you" in page
    assert reverse("syncs:proof", args=[ready.pk]) in page
    assert "214 agree" in page
