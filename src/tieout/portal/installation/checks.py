"""What can be said of this installation without asking anybody: address, mail, disk, files, stores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from tieout.config import Settings, SettingsError, is_loopback
from tieout.connectors.first_contact import Finding, State
from tieout.portal.mail import mail_settings
from tieout.portal.upkeep.disk import disk_of
from tieout.warehouse import sharing
from tieout.warehouse.duckdb.file import steps, stored_version

OTHERS = 0o077  # anybody but the owner
BEHIND = timedelta(days=1)  # from then on a copy for others is said to be old
GIGABYTE = 1_000_000_000
ONLY_OURS = ("", "app.db", "settings.toml")  # in TIEOUT_HOME


def _(text: str) -> str:
    """Marks a text for translation, as gettext_noop does once Django is set up: the doctor tells first why it can't be."""
    return text


def local(settings: Settings) -> Iterator[Finding]:
    """All of them."""
    yield public_address(settings)
    yield mail(settings)
    yield disk(settings)
    yield file_modes(settings)
    yield from shared_copies(settings)
    yield from warehouses(settings)


def public_address(settings: Settings) -> Finding:
    """https, or this machine itself; anything else is refused by `serve`."""
    url, subject = settings.public_url or "http://127.0.0.1:8000", _("Public address")
    facts = {"url": url}
    if url.startswith("https://"):
        return Finding(subject=subject, state=State.WELL, found="{url}", facts=facts)
    if is_loopback(url):
        return Finding(
            subject=subject,
            state=State.NOTICE,
            found=_("{url}: only people at this machine can open it."),
            advice=_("For others, put an https proxy in front and set TIEOUT_PUBLIC_URL to its address."),
            facts=facts,
        )
    return Finding(
        subject=subject,
        state=State.WRONG,
        found=_("{url} is plain http on a network; the server refuses to start with it."),
        advice=_("Set TIEOUT_PUBLIC_URL to the https address of the proxy in front."),
        facts=facts,
    )


def mail(settings: Settings) -> Finding:
    """Whether e-mails can leave at all; no test is sent."""
    subject = _("E-mail")
    try:
        mail_settings(settings.email_url)
    except SettingsError:
        return Finding(
            subject=subject,
            state=State.WRONG,
            found=_("TIEOUT_EMAIL_URL can’t be understood; the server does not start with it."),
            advice=_("Set it to smtp://name:password@host:port, smtps://…, file:FOLDER or console:."),
        )
    if settings.email_url.startswith(("smtp:", "smtps:")):
        return Finding(subject=subject, state=State.WELL, found=_("E-mails leave through the mail server that is set."))
    return Finding(
        subject=subject,
        state=State.NOTICE,
        found=_("No e-mail leaves this machine: invitations and alerts reach nobody."),
        advice=_("Set TIEOUT_EMAIL_URL to a mail server (smtp://…)."),
    )


def disk(settings: Settings) -> Finding:
    """Room below the limit from where on syncs wait."""
    found = disk_of(settings)
    facts = {"percent": str(found.percent), "limit": str(found.limit), "free": f"{found.free / GIGABYTE:.1f}"}
    sentence = _("{percent} percent used, {free} GB free; new syncs wait from {limit} percent on.")
    if found.is_full:
        advice = _("Make room on the disk of TIEOUT_HOME, or raise TIEOUT_DISK_PERCENT.")
        return Finding(subject=_("Disk"), state=State.WRONG, found=sentence, advice=advice, facts=facts)
    return Finding(subject=_("Disk"), state=State.WELL, found=sentence, facts=facts)


def file_modes(settings: Settings) -> Finding:
    """What holds secrets and books may be read by its owner only."""
    paths = [settings.home / name if name else settings.home for name in ONLY_OURS] + [settings.secret_key_file]
    open_to_others = [path for path in paths if path.exists() and path.stat().st_mode & OTHERS]
    if not open_to_others:
        return Finding(
            subject=_("File modes"), state=State.WELL, found=_("Keys and books are readable by their owner only.")
        )
    return Finding(
        subject=_("File modes"),
        state=State.WRONG,
        found=_("Other users of this machine can get at {paths}."),
        advice=_("Run: chmod go= {paths}"),
        facts={"paths": " ".join(map(str, open_to_others))},
    )


def shared_copies(settings: Settings) -> Iterator[Finding]:
    """Whether what others read under TIEOUT_PUBLISH_URL can be written, and is of today."""
    to, subject = settings.publish_to, _("Copies for others")
    if to is None:
        return
    if not os.access(to, os.W_OK | os.X_OK):
        yield Finding(
            subject=subject,
            state=State.WRONG,
            found=_("{folder} is not there, or can’t be written to."),
            advice=_("Make or mount the folder that TIEOUT_PUBLISH_URL names, and let Tieout’s user write there."),
            facts={"folder": str(to)},
        )
        return
    for current in sorted((settings.home / "published").glob("*/current")):
        yield _shared_copy(current, to / current.parent.name, subject)


def _shared_copy(current: Path, to: Path, subject: str) -> Finding:
    shared, synced = sharing.read(to), datetime.fromtimestamp(current.lstat().st_mtime, UTC)
    facts = {"folder": str(to)}
    if shared is None or synced - shared.made_at > BEHIND:
        return Finding(
            subject=subject,
            state=State.WRONG,
            found=_("{folder} lacks what was synced since."),
            advice=_("The log says why; the next sync tries again."),
            facts=facts,
        )
    facts |= {"sync": str(shared.sync), "at": f"{shared.made_at:%Y-%m-%d %H:%M} UTC"}
    return Finding(
        subject=subject, state=State.WELL, found=_("{folder} was written at {at}, as of sync {sync}."), facts=facts
    )


def warehouses(settings: Settings) -> Iterator[Finding]:
    """Of which version the stores of rows are."""
    files = sorted((settings.home / "warehouse").glob("*.duckdb"))
    if not files:
        yield Finding(subject=_("Warehouse"), state=State.WELL, found=_("None yet; the first sync makes it."))
    for file in files:
        yield _warehouse(file)


def _warehouse(file: Path) -> Finding:
    subject, known = _("Warehouse"), max(number for number, _sql in steps())
    facts = {"name": file.stem, "known": str(known)}
    try:
        stored = stored_version(file)
    except duckdb.Error:
        return Finding(
            subject=subject,
            state=State.WELL,
            found=_("{name} is open in a running Tieout, which takes no newer one than it knows."),
            facts=facts,
        )
    facts["stored"] = str(stored)
    if stored > known:
        return Finding(
            subject=subject,
            state=State.WRONG,
            found=_("{name} was written by a newer Tieout (version {stored}, known {known})."),
            advice=_("Install that version again, or restore the backup that was made before the upgrade."),
            facts=facts,
        )
    is_known = stored == known
    found = (
        _("{name}: version {stored}.")
        if is_known
        else _("{name}: version {stored}; the next start brings it to {known}.")
    )
    return Finding(subject=subject, state=State.WELL, found=found, facts=facts)
