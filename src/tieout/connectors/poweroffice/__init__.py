"""PowerOffice Go API v2. Read README.md for its ways, streams.py for what is read."""

from __future__ import annotations

from datetime import datetime

from tieout import __version__, config
from tieout.connectors.base import SOMEBODY, Approval, Claim, Company, Secret, Used
from tieout.connectors.first_contact import Finding, Probed
from tieout.connectors.http import HURRIED_SECONDS, Http, Limit, Patience
from tieout.connectors.poweroffice.applying import APPLICATION
from tieout.connectors.poweroffice.attachments import PowerOfficeAttachments
from tieout.connectors.poweroffice.auth import Keys, Tokens
from tieout.connectors.poweroffice.client import PowerOfficeReader
from tieout.connectors.poweroffice.examining import examine
from tieout.connectors.poweroffice.onboarding import PowerOfficeOnboarding
from tieout.connectors.poweroffice.paging import PageSize
from tieout.connectors.poweroffice.partner import PowerOfficePartner
from tieout.connectors.poweroffice.probing.asking import Asking
from tieout.connectors.poweroffice.probing.probe import probe
from tieout.connectors.poweroffice.streams import PROOF, STREAMS
from tieout.connectors.rate_limit import PER_SECOND, RateLimiter


class PowerOffice:
    """Implements base.Connector. One for the whole process: connections, tokens and limit are shared by all companies."""

    name = "poweroffice"
    title = "PowerOffice Go"
    approval = Approval.REDIRECT
    streams = STREAMS
    proof = PROOF
    application = APPLICATION

    def __init__(
        self,
        settings: config.Settings,
        *,
        page_size: int | None = None,
        requests_per_second: float = PER_SECOND,
        limit: Limit | None = None,
    ) -> None:
        """`limit` stands in for the one that all processes share, where time is not real (simulations)."""
        self.requests_per_second = requests_per_second  # of all companies together: what estimates rest on
        self._settings, self._url = settings, settings.poweroffice_url
        primary, secondary = subscription_keys(settings)
        self._keys = Keys(
            application=Secret(settings.poweroffice_application_key),
            subscription=Secret(primary),
            secondary=Secret(secondary) if secondary else None,
        )
        self._page_size = PageSize(page_size)
        shared = settings.home / "limits.db"
        # Both keys stand in one line: whether the vendor counts by key or by subscription is not certain (contract 4, 11.30).
        self._limit = limit or RateLimiter(shared, primary, per_second=requests_per_second)
        self._http = Http(
            self._limit,
            user_agent=f"Tieout/{__version__} ({settings.contact})",  # the vendor asks for one (contract 2.1)
            trust_environment=not config.is_loopback(self._url),
        )
        self._tokens = Tokens(self._http, self._url, self._keys)

    def onboarding(self) -> PowerOfficeOnboarding:
        return PowerOfficeOnboarding(self._http, self._url, self._keys)

    def open(
        self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY
    ) -> PowerOfficeReader:
        patience = Patience(HURRIED_SECONDS) if hurried else None
        return PowerOfficeReader(
            self._http,
            self._tokens,
            self._keys,
            self._url,
            key,
            page_size=self._page_size,
            company=company,
            patience=patience,
            claim=claim,
        )

    def partner(self, key: Secret, *, hurried: bool = False) -> PowerOfficePartner:
        """A person waits for the list; adding clients comes before what syncs by the clock, a request at a time."""
        return PowerOfficePartner(self.open(key, hurried=hurried))

    def attachments(self, key: Secret, *, company: str, claim: Claim) -> PowerOfficeAttachments:
        return PowerOfficeAttachments(self.open(key, company=company, hurried=True, claim=claim))

    def used(self, since: datetime) -> list[Used]:
        """Requests under this installation's key since a moment, by whom and what for; a week is kept."""
        return self._limit.used(since) if isinstance(self._limit, RateLimiter) else []

    @property
    def keys(self) -> Keys:
        return self._keys

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    def examine(self, callback: str) -> list[Finding]:
        return list(examine(self._settings, self, callback))

    def privileges_to_write(self, company: Company) -> tuple[str, ...]:
        """Those that end in `_Full` (contract 8.4)."""
        return tuple(sorted(name for name in company.valid_privileges if name.endswith("_Full")))

    def probe(self, key: Secret, *, callback: str, provoke_limit: bool = False) -> Probed:
        asking = Asking(self._http, self._tokens, self._keys, self._url, key, callback)
        return probe(asking, provoke_limit=provoke_limit)

    def where_to_end(self) -> str:
        return "In PowerOffice Go, under Settings, Extensions, an administrator can deactivate the extension."


def subscription_keys(settings: config.Settings) -> tuple[str, str]:
    """The subscription's primary and secondary key as set, "" where there is none. Raises SettingsError for more."""
    told = settings.poweroffice_subscription_key.replace(",", " ").split()
    if len(told) > 2:
        raise config.SettingsError(
            f"TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY holds {len(told)} keys; a subscription has two, primary and secondary."
        )
    primary, secondary = (*told, "", "")[:2]
    return primary, secondary
