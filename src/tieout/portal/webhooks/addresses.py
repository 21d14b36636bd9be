"""Where webhooks may go: https addresses of the open internet. A portal that posts anywhere could be led into its own network.

`TIEOUT_WEBHOOKS_TO_PRIVATE=yes` allows private networks as well, and plain http to this machine. The address that was
checked is the one that is connected to, so that a name can't lead elsewhere a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from tieout.config import is_loopback

LONGEST = 2000
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in disguise


class AddressRefusedError(ValueError):
    """A webhook must not go there. The text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A checked address: the host as it was written, and the numeric address to connect to."""

    host: str
    port: int
    address: str


def check(url: str) -> None:
    """Refuse what is no address for a webhook, before any name is looked up. Raises AddressRefusedError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError(_("This is no web address.")) from error
    if len(url) > LONGEST or not parts.hostname or port == 0 or not url.isascii() or not url.isprintable():
        raise AddressRefusedError(_("This is no web address."))
    if parts.username or parts.password or parts.fragment:
        raise AddressRefusedError(_("An address with a name, a password or a fragment in it is not used."))
    plain = parts.scheme == "http" and is_loopback(url) and settings.TIEOUT.webhooks_to_private
    if parts.scheme != "https" and not plain:
        raise AddressRefusedError(_("A webhook needs an https address."))


def resolve(url: str) -> Goal:
    """Look the name up and check every address that it has. Raises AddressRefusedError; OSError where it has none."""
    check(url)
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = [str(entry[4][0]).partition("%")[0] for entry in known]
    if not settings.TIEOUT.webhooks_to_private and not all(is_public(address) for address in found):
        raise AddressRefusedError(
            _("The address leads into a private network. Whoever operates this installation can allow that.")
        )
    return Goal(host, port, found[0])


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the open internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif inner := ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]):
            ip = inner
    return ip.is_global and not ip.is_multicast
