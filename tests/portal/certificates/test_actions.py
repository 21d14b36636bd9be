"""A certificate from export to an auditor's desk: signed, chained, repeatable, and nothing in it can be changed unseen."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

import duckdb
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from tests.portal.conftest import browser_of
from tests.sync.ledger_system import BANK, SALES, LedgerConnector
from tieout.cli import main
from tieout.portal.certificates.actions import NothingToCertifyError, export
from tieout.portal.certificates.models import Certificate, Link, SigningKey
from tieout.portal.encryption import rotate
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.syncs.actions import perform
from tieout.portal.workspaces.models import Happening
from tieout.sync.certificate.verify import Holds, opened, verify

pytestmark = pytest.mark.django_db(transaction=True)


def holds(data: bytes, *others: bytes, key: str | None = None) -> dict[str, Holds]:
    found = verify(opened(data), key=key, others=[opened(other) for other in others])
    return {finding.what: finding.holds for finding in found}


def changed(certificate: Certificate, change: Any) -> bytes:
    envelope = certificate.envelope
    change(envelope)
    return json.dumps(envelope, ensure_ascii=False).encode()


def test_a_certificate_holds_as_json_and_as_pdf_and_whatever_is_changed_is_seen(synced: Source, owner: Person) -> None:
    one = export(synced, by=owner)
    key = SigningKey.objects.get().public_key
    yes, unknown = Holds.YES, Holds.UNKNOWN
    told = {"hash": yes, "signature": yes, "figures": yes, "chain": yes}
    assert holds(one.document.encode(), key=key) == told | {"pages": unknown}
    assert holds(bytes(one.pdf), key=key) == told | {"pages": yes}
    content = one.envelope["content"]
    assert {row["account_no"] for row in content["ledger"]["accounts"]} >= {BANK, SALES}
    assert all(row["difference"] == "0.00" for row in content["ledger"]["accounts"])
    assert content["issued_by"]["email"] == owner.email
    assert Happening.objects.in_workspace(synced.workspace).filter(kind="certificate_exported").count() == 1
    whatever_is_changed_is_seen(one, key)


def whatever_is_changed_is_seen(one: Certificate, key: str) -> None:
    def more_money(envelope: dict[str, Any]) -> None:
        envelope["content"]["ledger"]["accounts"][0]["stored"] = "999999.00"

    assert holds(changed(one, more_money))["hash"] is Holds.NO
    assert holds(changed(one, more_money))["figures"] is Holds.NO
    assert holds(changed(one, lambda e: e.update(sha256="0" * 64)))["signature"] is Holds.NO
    other = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    assert holds(one.document.encode(), key=other)["signature"] is Holds.NO
    pdf = bytes(one.pdf)
    assert holds(pdf.replace(b"/Creator", b"/Creatos", 1), key=key)["pages"] is Holds.NO
    assert holds(pdf + b"\n% appended", key=key)["pages"] is Holds.NO


def test_certificates_are_a_chain_in_the_persons_language(synced: Source, owner: Person) -> None:
    first, second, third = (export(synced, by=owner) for _ in range(3))
    files = [one.document.encode() for one in (first, second, third)]
    assert holds(files[2], files[1])["chain"] is Holds.YES
    assert holds(files[2])["chain"] is Holds.UNKNOWN
    assert second.envelope["content"]["previous"] == {"number": 1, "sha256": first.link.sha256}
    forged = changed(second, lambda e: e["content"].update(workspace="Somebody else"))
    assert holds(files[2], forged)["chain"] is Holds.NO
    the_pdf_is_in_the_persons_language_with_its_letters(synced, owner)


def test_key_and_chain_survive_a_new_secret_key_and_the_end_of_a_sources_data(
    synced: Source, owner: Person, settings: Any
) -> None:
    first = export(synced, by=owner)
    kept = SigningKey.objects.get()
    assert kept.public_key not in kept.private_key
    assert kept.reveal("private_key").reveal() not in kept.private_key
    rotate(settings.TIEOUT)
    second = export(synced, by=owner)
    assert second.envelope["public_key"] == first.envelope["public_key"]
    assert holds(second.document.encode(), first.document.encode())["signature"] is Holds.YES
    Certificate.objects.all().delete()
    assert export(synced, by=owner).number == 3
    assert Link.objects.count() == 3


def answer_of(source: Source, certificate: Certificate, home: Any) -> tuple[str, int]:
    """What the SQL file says on the published copy, run as an auditor would: read only, nothing else opened."""
    path = home / "published" / source.workspace.slug / "published.duckdb"
    with duckdb.connect(path.resolve(), read_only=True) as connection:
        connection.execute(certificate.sql)
        result, accounts, *_rest = connection.fetchall()[0]
    return result, accounts


def test_an_auditor_repeats_it_on_the_published_copy_also_after_the_books_moved(
    synced: Source, owner: Person, connector: LedgerConnector, home: Any
) -> None:
    one = export(synced, by=owner)
    result, accounts = answer_of(synced, one, home)
    assert result.startswith("REPEATS")
    assert accounts == len(one.envelope["content"]["ledger"]["accounts"])
    connector.books.voucher(date(2025, 5, 5), (BANK, 77.0), (SALES, -77.0))
    connector.books.pass_time(days=1)
    list(perform(synced, reason="command"))
    assert answer_of(synced, one, home)[0].startswith("REPEATS")
    again = export(synced, by=owner)
    assert again.envelope["content"]["compared_sha256"] != one.envelope["content"]["compared_sha256"]
    other_postings_do_not_repeat(synced, owner, home)


def other_postings_do_not_repeat(synced: Source, owner: Person, home: Any) -> None:
    one = Certificate.objects.first()
    assert one is not None
    with warehouses.store_of(synced) as store:
        with store.warehouse.writing() as connection:  # type: ignore[attr-defined]
            connection.execute(
                "update raw_ledger_toy.postings set amount = amount + 1, _sync_id = _sync_id where account_no = 1920"
            )
            connection.execute("update tieout.streams set touched = touched + 1")
        store.publish()
    result, _accounts = answer_of(synced, one, home)
    assert result.startswith("DOES NOT REPEAT")
    with pytest.raises(Exception, match="no longer what the latest tie-out compared"):
        export(synced, by=owner)


def test_before_any_tie_out_there_is_nothing_to_certify(source: Source, reader_browser: Client) -> None:
    with pytest.raises(NothingToCertifyError):
        export(source, by=None)
    page = reader_browser.get(reverse("certificates:list", args=[source.pk])).content.decode()
    assert "Nothing was compared yet" in page
    assert "Export a certificate" not in page


def the_pdf_is_in_the_persons_language_with_its_letters(synced: Source, owner: Person) -> None:
    with translation.override("nb"):
        one = export(synced, by=owner)
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(one.pdf))).pages)
    assert "Blåbær & Sønner AS" in text
    assert "\u2212" in text
    assert "Kontoer" in text
    assert one.envelope["public_key"] in text


def test_pages_lead_from_the_proof_to_the_files_as_they_were_and_in_another_workspace_nowhere(
    synced: Source, reader: Person, other_workspace: Any
) -> None:
    browser = browser_of(reader)
    listing = reverse("certificates:list", args=[synced.pk])
    assert listing in browser.get(reverse("syncs:proof", args=[synced.pk])).content.decode()
    page = browser.post(reverse("certificates:export", args=[synced.pk]), follow=True)
    assert "Certificate 1 is here." in page.content.decode()
    kept = Certificate.objects.get()
    for kind, body in (("pdf", bytes(kept.pdf)), ("json", kept.document.encode()), ("sql", kept.sql.encode())):
        answer = browser.get(reverse("certificates:download", args=[synced.pk, 1, kind]))
        assert answer.content == body
        assert f"certificate-1-910000004.{kind}" in answer["Content-Disposition"]
    shown = browser.get(reverse("certificates:certificate", args=[synced.pk, 1])).content.decode()
    assert kept.envelope["signature"] in shown
    assert "What this does not prove" in shown
    assert browser.get(reverse("certificates:download", args=[synced.pk, 1, "exe"])).status_code == 404
    Source.objects.filter(pk=synced.pk).update(workspace=other_workspace)
    for name, arguments in (("list", ()), ("certificate", (1,)), ("download", (1, "json"))):
        assert browser.get(reverse(f"certificates:{name}", args=[synced.pk, *arguments])).status_code == 404


def test_the_command_says_plainly_what_holds(synced: Source, owner: Person, tmp_path: Any, capsys: Any) -> None:
    one, two = export(synced, by=owner), export(synced, by=owner)
    good, first, bad, other = (tmp_path / name for name in ("two.pdf", "one.json", "bad.json", "other.txt"))
    good.write_bytes(bytes(two.pdf))
    first.write_text(one.document)
    bad.write_bytes(changed(two, lambda e: e["content"].update(number=9)))
    other.write_text("books")
    key = SigningKey.objects.get().public_key
    assert main(["certificate", "verify", str(good), str(first), "--key", key]) == 0
    told = capsys.readouterr().out
    for what in ("hash", "signature", "pages", "figures", "chain"):
        assert f"= {what} holds" in told
    assert main(["certificate", "verify", str(bad)]) == 1
    assert "≠ hash does not hold" in capsys.readouterr().out
    assert main(["certificate", "verify", str(other)]) == 2
    assert "is no certificate" in capsys.readouterr().err
    assert main(["certificate", "verify", str(good), "--key", "abc"]) == 2
