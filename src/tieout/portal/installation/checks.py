"""What can be said of this installation without asking anybody: address, mail, disk, files, stores. Needs no Django."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from tieout.config import Settings, SettingsError, is_loopback
from tieout.connectors.first_contact import Finding, State
from tieout.portal.mail import mail_settings
from tieout.portal.upkeep.disk import disk_of
from tieout.warehouse.duckdb.file import steps, stored_version

OTHERS = 0o077  # anybody but the owner
GIGABYTE = 1_000_000_000
ONLY_OURS = ("", "app.db", "settings.toml")  # in TIEOUT_HOME


def local(settings: Settings) -> Iterator[Finding]:
    """All of them."""
    yield public_address(settings)
    yield mail(settings)
    yield disk(settings)
    yield file_modes(settings)
    yield from warehouses(settings)


def public_address(settings: Settings) -> Finding:
    """https, or this machine itself; anything else is refused by `serve`."""
    url, subject = settings.public_url or "http://127.0.0.1:8000", "Public address"
    facts = {"url": url}
    if url.startswith("https://"):
        return Finding(subject=subject, state=State.WELL, found="{url}", facts=facts)
    if is_loopback(url):
        return Finding(
            subject=subject,
            state=State.NOTICE,
            found="{url}: only people at this machine can open it.",
            advice="For others, put an https proxy in front and set TIEOUT_PUBLIC_URL to its address.",
            facts=facts,
        )
    return Finding(
        subject=subject,
        state=State.WRONG,
        found="{url} is plain http on a network; the server refuses to start with it.",
        advice="Set TIEOUT_PUBLIC_URL to the https address of the proxy in front.",
        facts=facts,
    )


def mail(settings: Settings) -> Finding:
    """Whether e-mails can leave at all; no test is sent."""
    subject = "E-mail"
    try:
        mail_settings(settings.email_url)
    except SettingsError:
        return Finding(
            subject=subject,
            state=State.WRONG,
            found="TIEOUT_EMAIL_URL can’t be understood; the server does not start with it.",
            advice="Set it to smtp://name:password@host:port, smtps://…, file:FOLDER or console:.",
        )
    if settings.email_url.startswith(("smtp:", "smtps:")):
        return Finding(subject=subject, state=State.WELL, found="E-mails leave through the mail server that is set.")
    return Finding(
        subject=subject,
        state=State.NOTICE,
        found="No e-mail leaves this machine: invitations and alerts reach nobody.",
        advice="Set TIEOUT_EMAIL_URL to a mail server (smtp://…).",
    )


def disk(settings: Settings) -> Finding:
    """Room below the limit from where on syncs wait."""
    found = disk_of(settings)
    facts = {"percent": str(found.percent), "limit": str(found.limit), "free": f"{found.free / GIGABYTE:.1f}"}
    sentence = "{percent} % used, {free} GB free; from {limit} % on new syncs wait."
    if found.is_full:
        advice = "Make room on the disk of TIEOUT_HOME, or raise TIEOUT_DISK_PERCENT."
        return Finding(subject="Disk", state=State.WRONG, found=sentence, advice=advice, facts=facts)
    return Finding(subject="Disk", state=State.WELL, found=sentence, facts=facts)


def file_modes(settings: Settings) -> Finding:
    """What holds secrets and books may be read by its owner only."""
    paths = [settings.home / name if name else settings.home for name in ONLY_OURS] + [settings.secret_key_file]
    open_to_others = [path for path in paths if path.exists() and path.stat().st_mode & OTHERS]
    if not open_to_others:
        return Finding(subject="File modes", state=State.WELL, found="Keys and books are readable by their owner only.")
    return Finding(
        subject="File modes",
        state=State.WRONG,
        found="Other users of this machine can get at {paths}.",
        advice="Run: chmod go= {paths}",
        facts={"paths": " ".join(map(str, open_to_others))},
    )


def warehouses(settings: Settings) -> Iterator[Finding]:
    """Of which version the stores of rows are."""
    files = sorted((settings.home / "warehouse").glob("*.duckdb"))
    if not files:
        yield Finding(subject="Warehouse", state=State.WELL, found="None yet; the first sync makes it.")
    for file in files:
        yield _warehouse(file)


def _warehouse(file: Path) -> Finding:
    subject, known = "Warehouse", max(number for number, _ in steps())
    facts = {"name": file.stem, "known": str(known)}
    try:
        stored = stored_version(file)
    except duckdb.Error:
        return Finding(
            subject=subject,
            state=State.WELL,
            found="{name} is open in a running Tieout, which takes no newer one than it knows.",
            facts=facts,
        )
    facts["stored"] = str(stored)
    if stored > known:
        return Finding(
            subject=subject,
            state=State.WRONG,
            found="{name} was written by a newer Tieout (version {stored}, known {known}).",
            advice="Install that version again, or restore the backup that was made before the upgrade.",
            facts=facts,
        )
    found = "{name}: version {stored}" + ("." if stored == known else "; the next start brings it to {known}.")
    return Finding(subject=subject, state=State.WELL, found=found, facts=facts)
