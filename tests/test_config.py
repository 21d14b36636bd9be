"""Settings that belong together."""

from __future__ import annotations

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
