"""Secrets at rest."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.conf import settings

from tests.portal.conftest import make_source
from tieout.config import SettingsError
from tieout.connectors.base import Secret
from tieout.portal.encryption import CannotDecryptError, Place, add_key, make_key_file, read_key_ring, rotate
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Credentials, Source
from tieout.portal.workspaces.models import Workspace

HERE = Place("1", "a-source", "client_key")


def test_secret_comes_back_from_its_own_place(home: Path) -> None:
    ring = read_key_ring(home / "secret.key")
    assert ring.decrypt(ring.encrypt(Secret("øre-key"), HERE), HERE).reveal() == "øre-key"


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("2", "a-source", "client_key"),
        Place("1", "b-source", "client_key"),
        Place("1", "a-source", "other"),
        Place("1a", "-source", "client_key"),
    ],
)
def test_secret_does_not_decrypt_elsewhere(home: Path, elsewhere: Place) -> None:
    ring = read_key_ring(home / "secret.key")
    stored = ring.encrypt(Secret("a key"), HERE)
    with pytest.raises(CannotDecryptError) as raised:
        ring.decrypt(stored, elsewhere)
    assert "a key" not in str(raised.value)


def test_altered_secret_does_not_decrypt(home: Path) -> None:
    ring = read_key_ring(home / "secret.key")
    stored = ring.encrypt(Secret("a key"), HERE)
    flipped = stored[:-1] + ("A" if stored[-1] != "A" else "B")
    for damaged in (flipped, "v1.x.y", "", "v2" + stored[2:]):
        with pytest.raises(CannotDecryptError):
            ring.decrypt(damaged, HERE)


def test_one_text_is_never_encrypted_the_same_way_twice(home: Path) -> None:
    ring = read_key_ring(home / "secret.key")
    assert ring.encrypt(Secret("a key"), HERE) != ring.encrypt(Secret("a key"), HERE)


def test_key_file_is_for_its_owner_only_and_never_overwritten(home: Path) -> None:
    path = home / "secret.key"
    before = path.read_bytes()
    make_key_file(path)
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_key_file_that_others_can_read_is_refused(home: Path) -> None:
    (home / "secret.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_key_ring(home / "secret.key")


@pytest.mark.parametrize("text", ["", "one-word\n", "id c2hvcnQ\n", "a b c\n"])
def test_damaged_key_file_is_refused(home: Path, text: str) -> None:
    (home / "secret.key").write_text(text)
    with pytest.raises(SettingsError, match="damaged"):
        read_key_ring(home / "secret.key")


def test_rings_do_not_show_their_keys(home: Path) -> None:
    ring = read_key_ring(home / "secret.key")
    assert "keys" not in repr(ring)
    assert str(next(iter(ring.keys.values()))) not in repr(ring)


def test_row_copied_to_another_workspace_does_not_decrypt(workspace: Workspace, other_workspace: Workspace) -> None:
    ours, theirs = make_source(workspace), make_source(other_workspace)
    stored = Credentials.objects.get(source=ours).client_key
    Credentials.objects.filter(source=theirs).update(client_key=stored)
    with pytest.raises(CannotDecryptError):
        client_key(theirs)


def test_stored_key_is_not_readable_in_the_database(source: Source) -> None:
    assert "key-of-910000004" not in Credentials.objects.get(source=source).client_key
    assert client_key(source).reveal() == "key-of-910000004"


def test_rotation_encrypts_every_secret_with_a_new_key(source: Source, home: Path) -> None:
    old = read_key_ring(home / "secret.key")
    before = Credentials.objects.get(source=source).client_key
    assert rotate(settings.TIEOUT) == 1
    after = Credentials.objects.get(source=source)
    assert not old.is_current(after.client_key)
    assert after.client_key != before
    assert client_key(source).reveal() == "key-of-910000004"
    with pytest.raises(CannotDecryptError):
        old.decrypt(after.client_key, after.place("client_key"))


def test_rotation_that_stopped_after_the_new_key_is_completed_by_the_next(source: Source, home: Path) -> None:
    add_key(home / "secret.key")
    assert client_key(source).reveal() == "key-of-910000004"
    assert rotate(settings.TIEOUT) == 1


def test_signing_keys_differ_from_the_keys_that_encrypt_and_old_ones_still_hold(home: Path) -> None:
    (first,) = read_key_ring(home / "secret.key").derived("signing")
    assert add_key(home / "secret.key").derived("signing")[1] == first
    assert read_key_ring(home / "secret.key").derived("other")[1] != first
