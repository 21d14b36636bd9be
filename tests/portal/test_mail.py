"""Where e-mails go."""

from __future__ import annotations

import pytest

from tieout.config import SettingsError
from tieout.portal.mail import mail_settings


def test_console_and_folder() -> None:
    assert mail_settings("console:")["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert mail_settings("file:/srv/out box")["EMAIL_FILE_PATH"] == "/srv/out box"
    assert mail_settings("file:mails")["EMAIL_FILE_PATH"] == "mails"


def test_smtp_is_encrypted_unless_on_this_machine() -> None:
    far = mail_settings("smtp://me:p%40ss@mail.example.com")
    assert (far["EMAIL_HOST"], far["EMAIL_PORT"], far["EMAIL_USE_TLS"], far["EMAIL_USE_SSL"]) == (
        "mail.example.com",
        587,
        True,
        False,
    )
    assert far["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert mail_settings("smtps://mail.example.com")["EMAIL_USE_SSL"]
    assert not mail_settings("smtp://localhost:1025")["EMAIL_USE_TLS"]


@pytest.mark.parametrize("url", ["", "file:", "smtp:", "https://secret@mail.example.com"])
def test_other_addresses_are_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        mail_settings(url)
    assert "secret" not in str(raised.value)
