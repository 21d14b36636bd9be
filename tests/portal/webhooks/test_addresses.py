"""Where webhooks may go: nobody is led into a private network."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from pytest_django import Settings

from tieout.portal.webhooks.addresses import AddressRefusedError, check, is_public, resolve


@pytest.fixture(autouse=True)
def _to_the_internet_only(settings: Settings) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, webhooks_to_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/x",
        "http://127.0.0.1/x",
        "ftp://example.com/",
        "https://",
        "https://name:password@example.com/",
        "https://example.com/#x",
        "https://example.com:99999/",
        "https://exa mple.com/\n",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://[::1/",
    ],
)
def test_what_is_no_address_for_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        check(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.7/",
        "https://172.16.3.4/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://224.0.0.1/",
    ],
)
def test_addresses_of_private_networks_are_refused_however_they_are_written(url: str) -> None:
    with pytest.raises((AddressRefusedError, socket.gaierror)):
        resolve(url)


def test_open_internet_is_public() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_setting_allows_private_networks_and_plain_http_to_this_machine_only(settings: Settings) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, webhooks_to_private=True)
    assert resolve("http://127.0.0.1:9/x").address == "127.0.0.1"
    assert resolve("https://10.0.0.7/").port == 443
    with pytest.raises(AddressRefusedError):
        resolve("http://10.0.0.7/")
