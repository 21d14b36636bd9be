"""Pages of data sources."""

from __future__ import annotations

from django.test import Client

from tieout.portal.sources.models import Source


def test_list_shows_the_workspaces_sources(reader_browser: Client, source: Source) -> None:
    answer = reader_browser.get("/sources/")
    assert answer.status_code == 200
    assert source.name in answer.content.decode()


def test_settings_open(reader_browser: Client, source: Source) -> None:
    assert reader_browser.get(f"/sources/{source.pk}/settings/").status_code == 200
