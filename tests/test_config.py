"""Settings that belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieout.config import SettingsError, load


def test_sign_in_through_openid_connect_is_set_up_whole_or_not_at_all() -> None:
    whole = {
        "TIEOUT_OIDC_ISSUER": "https://login.example.com/",
        "TIEOUT_OIDC_CLIENT_ID": "fixture",
        "TIEOUT_OIDC_CLIENT_SECRET": "s3cr3t",
    }
    assert load(whole).oidc_issuer == "https://login.example.com"
    assert load({}).oidc_issuer == ""
    for missing in whole:
        with pytest.raises(SettingsError, match="belong together") as told:
            load({name: value for name, value in whole.items() if name != missing})
        assert "s3cr3t" not in str(told.value)
    with pytest.raises(SettingsError, match="must be an https address"):
        load(whole | {"TIEOUT_OIDC_ISSUER": "http://login.example.com"})


def test_books_and_keys_are_never_asked_for_over_plain_http_on_a_network() -> None:
    for address in (
        "http://goapi.example.com",
        "ftp://goapi.example.com",
        "goapi.example.com",
        "http://127.evil.example",
    ):
        with pytest.raises(SettingsError, match="nothing was started"):
            load({"TIEOUT_POWEROFFICE_URL": address})
    for address in ("https://goapi.example.com", "http://127.0.0.1:9100", "http://localhost:9100"):
        assert load({"TIEOUT_POWEROFFICE_URL": address}).poweroffice_url == address


def test_the_simulators_keys_open_nothing_but_a_simulator_on_this_machine() -> None:
    assert load({}).poweroffice_application_key
    real = load({"TIEOUT_POWEROFFICE_URL": "https://goapi.example.com"})
    assert (real.poweroffice_application_key, real.poweroffice_subscription_key) == ("", "")


def test_copies_for_others_go_to_a_folder_beside_our_own(tmp_path: Path) -> None:
    home, beside = tmp_path / "home", tmp_path / "for others"
    for told in (beside.as_uri(), str(beside)):
        assert load({"TIEOUT_HOME": str(home), "TIEOUT_PUBLISH_URL": told}).publish_to == beside
    assert load({"TIEOUT_HOME": str(home)}).publish_to is None
    for wrong in ("s3://bucket/books", "https://store.example.com/books", "file://elsewhere/books", "books"):
        with pytest.raises(SettingsError, match="must be a folder"):
            load({"TIEOUT_HOME": str(home), "TIEOUT_PUBLISH_URL": wrong})
    with pytest.raises(SettingsError, match="inside TIEOUT_HOME"):
        load({"TIEOUT_HOME": str(home), "TIEOUT_PUBLISH_URL": str(home / "published")})
