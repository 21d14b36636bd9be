"""Sentences that were stored in English, on pages of either language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.portal.conftest import browser_of
from tests.portal.syncs.factories import make_state, make_sync, tell
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import StreamPhase, SyncState
from tieout.portal.told import told

WHOLE = "The accounting system did not answer in time."
WITH_FACTS = "Fixture Books refused /Things <b> (400, no_such_field)."


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", WHOLE, WHOLE),
        ("en", WITH_FACTS, "Fixture Books refused /Things &lt;b&gt; (400, no_such_field)."),
        ("nb", WHOLE, "Regnskapssystemet svarte ikke i tide."),
        (
            "nb",
            WITH_FACTS,
            'Setningen. <span class="verbatim" lang="en">Fixture Books refused /Things &lt;b&gt; (400, no_such_field).</span>',
        ),
        ("nb", "", "Setningen."),
    ],
)
def test_a_sentence_with_facts_is_a_detail_where_it_has_no_translation(language: str, text: str, shown: str) -> None:
    with translation.override(language):
        assert told(text, "Setningen." if language == "nb" else "") == shown


@pytest.mark.parametrize("page", ["syncs:overview", "syncs:streams", "syncs:sync"])
def test_a_norwegian_page_says_in_norwegian_what_stopped(owner: Person, source: Source, page: str) -> None:
    owner.language = "nb"
    owner.save()
    browser: Client = browser_of(owner)
    Source.objects.filter(pk=source.pk).update(trouble="unexpected", trouble_message=WITH_FACTS)
    make_state(source, "things", phase=StreamPhase.FAILED, reason=WITH_FACTS, fault="unexpected")
    failed = make_sync(source, state=SyncState.FAILED, fault="unexpected", message=WITH_FACTS)
    tell(failed, "stream_failed", stream="things", reason=WITH_FACTS)
    where = [source.pk, failed.pk] if page == "syncs:sync" else [source.pk]
    html = browser.get(reverse(page, args=where)).content.decode()
    assert "Kilden ga et svar som dokumentasjonen" in html
    assert 'lang="en">Fixture Books refused' in html
