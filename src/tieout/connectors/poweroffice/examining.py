"""A look at this installation's own keys without anybody's approval: what the gateway says before it asks whose books."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from tieout.config import Settings, is_loopback
from tieout.connectors.base import Onboarding, Secret
from tieout.connectors.errors import ConnectorError, NeedsCompanyError, NeedsOperatorError, TryLaterError
from tieout.connectors.first_contact import Finding, State
from tieout.connectors.http import HURRIED_SECONDS, Meter
from tieout.connectors.poweroffice.auth import Keys, Tokens

CLOCK_SECONDS = 60.0  # of difference that harm nothing
# The vendor permits this machine's own addresses for trying things out (contract 3.4).
LOOPBACK = "http://localhost:8000/oauth/poweroffice/callback"
NAMES = ("primary", "secondary")
AGAIN = "Nothing is wrong here. Try again in a while; syncs carry on by themselves."


class Handshaking(Protocol):
    """What is looked at."""

    @property
    def keys(self) -> Keys: ...
    @property
    def tokens(self) -> Tokens: ...
    def onboarding(self) -> Onboarding: ...


def examine(settings: Settings, connector: Handshaking, callback: str) -> Iterator[Finding]:
    """Keys there, accepted, address, clock: at most six requests, more only where the vendor is busy."""
    yield _where(settings)
    if missing := _missing(settings):
        yield missing
        return
    meter = Meter()
    refused = _subscription(connector, meter)
    yield refused
    if refused.state is State.WELL or refused.state is State.NOTICE:
        yield _application(connector.onboarding(), callback)
    if (told := meter.server_time()) is not None:
        yield clock(told, datetime.now(UTC))


def clock(theirs: datetime, ours: datetime) -> Finding:
    """How far this machine's clock is from the vendor's."""
    seconds = abs((ours - theirs).total_seconds())
    facts = {"seconds": f"{seconds:.0f}"}
    if seconds <= CLOCK_SECONDS:
        return Finding(
            subject="Clock", state=State.WELL, found="It agrees with PowerOffice Go to {seconds} s.", facts=facts
        )
    return Finding(
        subject="Clock",
        state=State.WRONG,
        found="This machine and PowerOffice Go differ by {seconds} s.",
        advice="Set this machine’s clock (NTP). Times of syncs are wrong until then; what is read is not, since it goes by PowerOffice’s clock.",  # noqa: E501
        facts=facts,
    )


def _where(settings: Settings) -> Finding:
    facts = {"url": settings.poweroffice_url}
    if is_loopback(settings.poweroffice_url):
        return Finding(
            subject="Environment",
            state=State.NOTICE,
            found="The simulator at {url}: no real company can be read.",
            advice="For the real PowerOffice Go, follow “Getting your keys”.",
            facts=facts,
        )
    if not settings.poweroffice_url.startswith("https://"):
        return Finding(
            subject="Environment",
            state=State.WRONG,
            found="{url} is plain http: keys and books could be read on the way.",
            advice="Set TIEOUT_POWEROFFICE_URL to an https address.",
            facts=facts,
        )
    return Finding(subject="Environment", state=State.WELL, found="{url}", facts=facts)


def _missing(settings: Settings) -> Finding | None:
    told = {
        "TIEOUT_POWEROFFICE_APPLICATION_KEY": settings.poweroffice_application_key,
        "TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY": settings.poweroffice_subscription_key,
    }
    names = " and ".join(name for name, value in told.items() if not value.strip())
    if not names:
        return None
    return Finding(
        subject="Keys",
        state=State.WRONG,
        found="{names} not set.",
        advice="Follow “Getting your keys”, set what is missing, and start the server again.",
        facts={"names": f"{names} {'are' if ' and ' in names else 'is'}"},
    )


def _subscription(connector: Handshaking, meter: Meter) -> Finding:
    """A key that no company has: the gateway answers first for the subscription, then the vendor for the company."""
    subject = "Subscription key"
    try:
        connector.tokens.get(Secret(str(uuid.uuid4())), meter, patience=HURRIED_SECONDS)
    except NeedsOperatorError as error:
        return Finding(
            subject=subject,
            state=State.WRONG,
            found="PowerOffice Go refuses it, so every company stands still.",
            advice=str(error),
        )
    except TryLaterError:
        return Finding(
            subject=subject,
            state=State.LATER,
            found="PowerOffice Go can’t be reached, or is busy.",
            advice=f"Check this machine’s way to the internet. {AGAIN}",
        )
    except NeedsCompanyError:
        pass  # as it must be: the gateway let us in, and no company has that key
    except ConnectorError as error:
        return Finding(subject=subject, state=State.UNKNOWN, found=str(error).replace("{", "(").replace("}", ")"))
    return _in_use(connector.keys)


def _in_use(keys: Keys) -> Finding:
    facts = {"name": NAMES[keys.in_use], "other": NAMES[1 - keys.in_use]}
    subject = "Subscription key"
    if keys.in_use:
        return Finding(
            subject=subject,
            state=State.NOTICE,
            found="The {name} key is in use: the {other} one was refused.",
            advice="Fetch the new {other} key from the developer portal and set both in TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY.",
            facts=facts,
        )
    if len(keys.subscriptions) == 1:
        return Finding(
            subject=subject,
            state=State.WELL,
            found="Accepted. Only one is set.",
            advice="With both set, one can be made anew without an outage.",
        )
    return Finding(subject=subject, state=State.WELL, found="Accepted; the {name} one is in use.", facts=facts)


def _application(onboarding: Onboarding, callback: str) -> Finding:
    """Begin an approval and leave it at that. One word, 400, stands for a wrong key and for an unknown address."""
    subject, facts = "Application key and callback address", {"callback": callback}
    try:
        onboarding.begin(redirect_uri=callback, organisation_number=None)
    except NeedsOperatorError:
        return _which_is_wrong(onboarding, callback)
    except ConnectorError:
        return Finding(subject=subject, state=State.LATER, found="PowerOffice Go could not say in time.", advice=AGAIN)
    return Finding(
        subject=subject, state=State.WELL, found="The key is accepted and {callback} is white-listed.", facts=facts
    )


def _which_is_wrong(onboarding: Onboarding, callback: str) -> Finding:
    facts = {"callback": callback}
    try:
        onboarding.begin(redirect_uri=LOOPBACK, organisation_number=None)
    except ConnectorError:
        return Finding(
            subject="Application key and callback address",
            state=State.WRONG,
            found="PowerOffice Go refuses to begin an approval: the application key is wrong, or {callback} is not white-listed, or both.",  # noqa: E501
            advice="Compare TIEOUT_POWEROFFICE_APPLICATION_KEY with the e-mail it came in, then have the address white-listed for this environment.",  # noqa: E501
            facts=facts,
        )
    return Finding(
        subject="Callback address",
        state=State.WRONG,
        found="The application key is accepted, but {callback} is not white-listed.",
        advice="Ask PowerOffice to white-list exactly this address for this environment; “Getting your keys” has the e-mail.",
        facts=facts,
    )
