"""Norwegian: every text has one, with its placeholders, and no page falls back into English."""

from __future__ import annotations

import ast
import gettext
import re
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from tests.portal.approvals.books import Books, System
from tests.portal.conftest import PASSWORD, browser_of, make_source
from tests.portal.syncs.factories import difference, make_state, make_sync, make_tie_out, tell
from tieout.connectors.registry import connectors
from tieout.portal.approvals import actions, emails
from tieout.portal.people.models import Person
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.syncs import words
from tieout.portal.syncs.models import StreamPhase, SyncState
from tieout.portal.syncs.templatetags.sync_words import compared
from tieout.portal.templatetags.marks import in_words, verdict
from tieout.portal.workspaces.models import Workspace

TIEOUT = Path(words.__file__).parents[2]
PORTAL = TIEOUT / "portal" / "locale" / "nb" / "LC_MESSAGES" / "django.po"
FILES = sorted(TIEOUT.rglob("locale/nb/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%%")
LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) )?(".*")')


@dataclass
class Entry:
    """One text of a .po file with its translations (two where it counts)."""

    flags: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.parts.get("msgctxt"), self.parts["msgid"]

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.parts.items() if name.startswith("msgstr")]


def entries(path: Path) -> list[Entry]:
    """The texts of a .po file without its header."""
    return [entry for block in path.read_text().split("\n\n") if (entry := _entry(block)).parts.get("msgid")]


def _entry(block: str) -> Entry:
    entry, part = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#,"):
            entry.flags = line
        elif found := LINE.fullmatch(line):
            part = found[1] or part
            entry.parts[part] = entry.parts.get(part, "") + ast.literal_eval(found[2])
    return entry


def name_of(path: Path) -> str:
    return path.relative_to(TIEOUT).parts[-5]  # the folder whose locale it is


def test_portal_and_connector_both_have_texts() -> None:
    assert len(FILES) > 1
    assert len(entries(PORTAL)) > 700


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_translation_is_empty_or_a_guess(path: Path) -> None:
    unfinished = [entry.key for entry in entries(path) if "fuzzy" in entry.flags or not all(entry.translations)]
    assert not unfinished


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_translations_hold_the_places_of_their_texts(path: Path) -> None:
    wrong = []
    for entry in entries(path):
        # A context may name a place that only the translation uses: "Stemmer med %(system)s".
        offered = set(PLACEHOLDER.findall("".join(text for name, text in entry.parts.items() if "msgstr" not in name)))
        needed = set(PLACEHOLDER.findall(entry.parts["msgid"]))
        for number, text in enumerate(entry.translations):
            places = set(PLACEHOLDER.findall(text))
            if not places <= offered or (number == 0 and "msgid_plural" not in entry.parts and not needed <= places):
                wrong.append((entry.key, text))
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_verdict_never_claims_a_documented_reconciliation(path: Path) -> None:
    assert not [entry.key for entry in entries(path) if "avstemt" in " ".join(entry.translations).lower()]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_compiled_file_is_that_of_the_texts(path: Path) -> None:
    compiled = path.with_suffix(".mo")
    with compiled.open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    stale = [entry.key for entry in entries(path) if _looked_up(catalog, entry) != entry.translations]
    assert not stale, "run make translations"
    (kept,) = struct.unpack("<I", compiled.read_bytes()[8:12])
    assert kept == len(entries(path)) + 1  # and the header


def _looked_up(catalog: gettext.GNUTranslations, entry: Entry) -> list[str]:
    (context, text), plural = entry.key, entry.parts.get("msgid_plural")
    if plural and context:
        return [catalog.npgettext(context, text, plural, n) for n in (1, 2)]
    if plural:
        return [catalog.ngettext(text, plural, n) for n in (1, 2)]
    return [catalog.pgettext(context, text) if context else catalog.gettext(text)]


@pytest.mark.skipif(not shutil.which("xgettext"), reason="GNU gettext is not installed; it is for development only")
def test_no_text_of_the_portal_is_missing(tmp_path: Path) -> None:
    copy = tmp_path / "portal"
    shutil.copytree(TIEOUT / "portal", copy, ignore=shutil.ignore_patterns("locale", "__pycache__"))
    (copy / "locale").mkdir()
    command = (sys.executable, "-m", "django", "makemessages", "-l", "nb", "--no-wrap", "--add-location", "file")
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = {entry.key for entry in entries(copy / "locale" / "nb" / "LC_MESSAGES" / "django.po")}
    assert not found - {entry.key for entry in entries(PORTAL)}, "run make translations"


def test_every_connector_declares_its_texts_in_norwegian(settings: Settings, home: Path) -> None:
    declared = []
    for connector in connectors(replace(settings.TIEOUT, home=home)).values():
        declared += [connector.where_to_end(), *(words.stream_title(stream.name) for stream in connector.streams)]
    with translation.override("nb"):
        assert not [text for text in declared if translation.gettext(text) == text]


def test_whole_sentences_of_connectors_errors_are_told_in_norwegian() -> None:
    """Those with facts in them hold technical details, and stay in English."""
    with translation.override("nb"):
        assert not [text for text in sorted(_error_sentences()) if translation.gettext(text) == text]


def _error_sentences() -> set[str]:
    found = set()
    for path in (TIEOUT / "connectors").rglob("*.py"):
        tree = ast.parse(path.read_text())
        named = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
                said = [named.get(arg.id, arg) if isinstance(arg, ast.Name) else arg for arg in node.args[:1]]
                found |= {one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {text for text in found if text[:1].isupper()}  # ours begin so; a ValueError for programmers does not


def test_proved_names_the_system_in_norwegian(source: Source) -> None:
    with translation.override("nb"):
        assert verdict("proved", of=source) == '<span class="proof ok">Stemmer med Toy Books</span>'
        assert verdict("not_proved", of=source) == '<span class="proof bad">Avvik</span>'
        assert verdict("could_not_check", of=source) == '<span class="proof warn">Ikke kontrollert</span>'
    assert verdict("proved", of=source) == '<span class="proof ok">Proved</span>'


# Words that a Norwegian page has no use for.
ENGLISH = re.compile(
    r"\b(the|and|with|from|this|that|are|not|has|was|were|you|your|will|been|approvals?|approved|company|companies"
    r"|rows?|sources?|syncs?|settings|history|proofs?|proved|name|next|newest|failed|succeeded|paused|stale|fresh|healthy"
    r"|approve|sign|password|keys?|links?|streams?|ago|today|yesterday|kr|january|february|march|may|june|july|october"
    r"|december)\b",
    re.IGNORECASE,
)


def leftovers(html: str) -> list[str]:
    """English in what people see, hear and hover over. Code, fixtures and the way into English aside."""
    html = re.sub(r"(?s)<(script|style|code)\b.*?</\1>|<[^>]*lang=\"en\"[^>]*>[^<]*<|<option.*?</option>", " ", html)
    spoken = re.findall(r'\b(?:aria-label|title|placeholder|alt|data-valid|data-invalid)="([^"]*)"', html)
    said = unescape(" ".join([re.sub(r"<[^>]*>", " ", html), *spoken]))
    return ENGLISH.findall(
        re.sub(r"In Fixture Books, under Settings, Extensions|Fixture \w+|Test \w+|Toy Books|\S+@\S+", " ", said)
    )


@pytest.fixture
def norwegian(owner: Person) -> Client:
    owner.language = "nb"
    owner.save()
    return browser_of(owner)


@pytest.fixture
def books(settings: Settings) -> None:
    """A system whose companies approve in its own pages."""
    settings.CONNECTORS = {"books": Books(System())}


@pytest.fixture
def busy(workspace: Workspace, owner: Person, books: None) -> Source:
    """A data source with something of everything that its pages tell."""
    now = datetime.now(UTC)
    source = make_source(
        workspace,
        connector="books",
        first_sync_done_at=now,
        last_complete_at=now,
        verdict="not_proved",
        verdict_as_of=now,
        verdict_note={"compared": 214, "differing": 1},
        rows_total=1284,
    )
    make_state(source, "customers")
    make_state(source, "projects", phase=StreamPhase.FETCHING, is_deferred=True, requests_done=1, requests_planned=4)
    make_state(source, "suppliers", phase=StreamPhase.UNAVAILABLE)
    failed = make_sync(source, state=SyncState.FAILED, slot="failed", fault="unexpected")
    tell(failed, "sync_started")
    tell(failed, "stream_finished", stream="customers", new=1, changed=2, removed=3, rows=6, requests=1)
    make_tie_out(source, differences=(difference(1500, "1968377.75", "1982127.75"),), slot="differs")
    return source


OWN_PAGES = (
    "sources:list", "approvals:new", "approvals:links", "explorer:tables", "explorer:sql", "people:preferences", "people:people",
    "alerts:list", "alerts:choices", "alerts:who", "alerts:mail", "webhooks:list",
    "account_login", "account_logout", "account_reset_password", "account_reset_password_done", "account_change_password",
)  # fmt: skip
WIZARD = ("how", "myself", "share", "key")
SOURCE_PAGES = (
    "syncs:overview", "syncs:streams", "syncs:history", "syncs:proof", "approvals:access", "sources:settings",
    "alerts:who_of_source", "sources:remove", "approvals:recreate", "approvals:renew_key",
)  # fmt: skip


def assert_norwegian(browser: Client, path: str) -> None:
    html = browser.get(path, follow=True).content.decode()
    assert '<html lang="nb"' in html
    assert not leftovers(html), path


@pytest.mark.parametrize("name", OWN_PAGES)
def test_main_pages_are_norwegian(norwegian: Client, busy: Source, name: str) -> None:
    assert_norwegian(norwegian, reverse(name))


def test_empty_list_and_errors_are_norwegian(norwegian: Client, books: None) -> None:
    for path in ("/sources/", "/sources/?q=fixture", "/nowhere/", "/approval-links/"):
        assert_norwegian(norwegian, path)


@pytest.mark.parametrize("step", WIZARD)
def test_wizard_is_norwegian(norwegian: Client, books: None, step: str) -> None:
    assert_norwegian(norwegian, reverse(f"approvals:{step}", args=["books"]))


@pytest.mark.parametrize("name", SOURCE_PAGES)
def test_pages_of_a_data_source_are_norwegian(norwegian: Client, busy: Source, name: str) -> None:
    assert_norwegian(norwegian, reverse(name, args=[busy.pk]))


@pytest.mark.parametrize(
    "fields",
    [
        {"approval_state": ApprovalState.WITHDRAWN, "withdrawn_since": datetime(2026, 11, 19, 8, 0, tzinfo=UTC)},
        {"paused_at": datetime(2026, 11, 19, 8, 0, tzinfo=UTC)},
        {"trouble": "unexpected"},
        {"verdict": "could_not_check"},
        {"verdict": ""},
        {"last_complete_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_each_state_is_told_in_norwegian(norwegian: Client, busy: Source, fields: dict[str, Any]) -> None:
    Source.objects.filter(pk=busy.pk).update(**fields)
    assert_norwegian(norwegian, reverse("sources:list"))
    assert_norwegian(norwegian, reverse("syncs:overview", args=[busy.pk]))


def test_one_sync_is_told_in_norwegian(norwegian: Client, busy: Source) -> None:
    for sync in busy.syncs.all():
        assert_norwegian(norwegian, reverse("syncs:sync", args=[busy.pk, sync.pk]))


def test_refused_sign_in_is_told_in_norwegian(db: None) -> None:
    browser = browser_of(HTTP_ACCEPT_LANGUAGE="nb-NO")
    answer = browser.post("/accounts/login/", {"login": "nobody@example.com", "password": PASSWORD})
    assert '<html lang="nb"' in answer.content.decode()
    assert not leftovers(answer.content.decode())


def test_e_mail_is_spelled_one_way_in_each_language(owner: Person) -> None:
    for language, spelling in (("en", "E-mail"), ("nb", "E-post")):
        browser = browser_of(HTTP_ACCEPT_LANGUAGE=language)
        for path in (reverse("account_login"), reverse("account_reset_password")):
            refused = browser.post(path, {"login": "nobody", "email": "nobody", "password": "x"}).content.decode()
            assert f">{spelling}</label>" in refused
            assert not re.search(r">[^<]*\b(?:email|epost)\b[^<]*<", refused, re.IGNORECASE), path


def test_one_is_told_as_one() -> None:
    with translation.override("nb"):
        assert [compared(1, "customers"), compared(1201, "ledger"), compared(3, "vouchers"), compared(3, "else")] == [
            "1 kunde",
            "1\u00a0201 kontoer",
            "3 bilag",
            "3",
        ]
    assert compared(1, "suppliers") == "1 supplier"


def test_outsiders_letter_is_norwegian(workspace: Workspace, owner: Person, books: None) -> None:
    fresh = actions.make_link(workspace, connector="books", by=owner, organisation_number="910000004")
    outsider = browser_of(HTTP_ACCEPT_LANGUAGE="nb-NO")
    for path in (f"/approve/{fresh.token}/", f"/approve/{fresh.token}/key/", "/approve/unknown/"):
        html = outsider.get(path).content.decode()
        assert '<html lang="nb"' in html
        assert not leftovers(html), path


def test_invitations_are_norwegian(norwegian: Client, owner: Person, workspace: Workspace) -> None:
    norwegian.post(reverse("people:people"), {"email": "fixture@example.com", "role": "administrator"})
    message: Any = mail.outbox[-1]
    for text in (message.subject, message.body, message.alternatives[0][0]):
        assert not leftovers(re.sub(r"https?://\S+", " ", text)), text
    (path,) = re.findall(r"(/welcome/\S+/)", message.body)
    outsider = browser_of(HTTP_ACCEPT_LANGUAGE="nb-NO")
    own = reverse("people:remove", args=[owner.memberships.get().pk])
    for browser, address in (
        (outsider, path),
        (norwegian, path),
        (norwegian, own),
        (norwegian, reverse("people:people")),
    ):
        assert_norwegian(browser, address)
    outsider.post(path, {"name": "Test Person", "password": PASSWORD})
    assert_norwegian(browser_of(HTTP_ACCEPT_LANGUAGE="nb-NO"), path)


def test_request_by_e_mail_is_norwegian(workspace: Workspace, owner: Person, books: None) -> None:
    fresh = actions.make_link(workspace, connector="books", by=owner, organisation_number="910000004")
    with translation.override("nb"):
        emails.approval_link(fresh.link, fresh.token, to="accountant@example.com", by=owner)
    message: Any = mail.outbox[-1]
    for text in (message.subject, message.body, message.alternatives[0][0]):
        assert not leftovers(re.sub(r"https?://\S+", " ", text)), text
    assert "ber deg godkjenne lesetilgang til Fixture Books" in message.subject


def test_norwegian_figures_and_dates(norwegian: Client, busy: Source) -> None:
    page = norwegian.get(reverse("syncs:proof", args=[busy.pk])).content.decode()
    assert "\u221213\u00a0750,00" in page
    assert "19. nov. 2026 kl. 10.04" in page  # 09:04 UTC in Oslo


def test_norwegian_times_are_said_with_kl() -> None:
    now = datetime(2026, 11, 19, 8, 24, tzinfo=UTC)
    with translation.override("nb"):
        assert in_words(datetime(2026, 11, 19, 5, 3, tzinfo=UTC), now) == "i dag kl. 06.03"
        assert in_words(datetime(2025, 11, 2, 13, 0, tzinfo=UTC), now) == "2. nov. 2025 kl. 14.00"
        assert in_words(datetime(2026, 11, 19, 8, 4, tzinfo=UTC), now) == "for 20 min siden"
