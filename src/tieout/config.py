"""The one reader of the environment and of settings.toml."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

# The keys that the simulator accepts. They open nothing but invented books.
SIMULATOR_APPLICATION_KEY = "00000000-0000-4000-8000-00000000a991"
SIMULATOR_SUBSCRIPTION_KEY = "simulator-subscription-key"
SIMULATOR_SECONDARY_SUBSCRIPTION_KEY = "simulator-secondary-subscription-key"
SIMULATOR_URL = "http://127.0.0.1:9100"


class SettingsError(Exception):
    """A setting is missing or wrong. The operator of this installation must mend it; nothing has been started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What this installation was told. Secrets among these are only ever passed on, never shown."""

    home: Path
    public_url: str | None
    publish_to: Path | None  # where others read the models as Parquet; a folder for each workspace
    secret_key_file: Path
    poweroffice_url: str
    poweroffice_application_key: str
    poweroffice_subscription_key: str
    email_url: str
    email_from: str
    contact: str
    duckdb_memory: str
    spool_days: int
    log_days: int
    job_days: int
    history_years: int
    contact_days: int  # how long a contact's personal data outlives its deletion in the accounting system
    disk_percent: int
    log: str
    heartbeat_url: str
    metrics_token: str
    otlp_endpoint: str  # OpenTelemetry's own name for it, without TIEOUT_ before it
    webhooks_to_private: bool
    oidc_issuer: str  # of the OpenID Connect server that people may sign in with; empty: none
    oidc_client_id: str
    oidc_client_secret: str
    test_data: Path
    server: str  # another machine's, which commands of the command line go to; empty: this machine's home
    api_token: str
    # Where a simulated accounting system takes orders ("Try to break it"); told by `tieout demo` only, never read.
    demo_control: str = ""


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine itself."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # a name, and 127.evil.example is one too
        return False


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings: the environment goes before $TIEOUT_HOME/settings.toml. Raises SettingsError."""
    given = os.environ if environment is None else environment
    home = Path(given.get("TIEOUT_HOME") or Path.home() / ".tieout").expanduser().resolve()
    told = _file(home / "settings.toml")

    def value(name: str, default: str = "") -> str:
        return given.get(f"TIEOUT_{name}") or str(told.get(f"TIEOUT_{name}", told.get(name.lower(), ""))) or default

    url = _poweroffice(value("POWEROFFICE_URL", SIMULATOR_URL).rstrip("/"))
    simulated = is_loopback(url)
    email_from = value("EMAIL_FROM", "Tieout <tieout@localhost>")
    return Settings(
        home=home,
        public_url=value("PUBLIC_URL").rstrip("/") or None,
        publish_to=_folder(value("PUBLISH_URL"), home=home),
        secret_key_file=Path(value("SECRET_KEY_FILE", str(home / "secret.key"))).expanduser(),
        poweroffice_url=url,
        poweroffice_application_key=value(
            "POWEROFFICE_APPLICATION_KEY", SIMULATOR_APPLICATION_KEY if simulated else ""
        ),
        poweroffice_subscription_key=value(
            "POWEROFFICE_SUBSCRIPTION_KEY", SIMULATOR_SUBSCRIPTION_KEY if simulated else ""
        ),
        email_url=value("EMAIL_URL", "console:"),
        email_from=email_from,
        contact=value("CONTACT", parseaddr(email_from)[1]),
        duckdb_memory=value("DUCKDB_MEMORY", "512MB"),
        spool_days=_whole("SPOOL_DAYS", value("SPOOL_DAYS", "0"), "days"),
        log_days=_whole("LOG_DAYS", value("LOG_DAYS", "30"), "days"),
        job_days=_whole("JOB_DAYS", value("JOB_DAYS", "14"), "days"),
        history_years=_whole("HISTORY_YEARS", value("HISTORY_YEARS", "5"), "years"),
        contact_days=_whole("CONTACT_DAYS", value("CONTACT_DAYS", "90"), "days"),
        disk_percent=_whole("DISK_PERCENT", value("DISK_PERCENT", "90"), "percent"),
        log=_one_of("LOG", value("LOG", "text"), ("text", "json")),
        heartbeat_url=_heartbeat(value("HEARTBEAT_URL")),
        metrics_token=value("METRICS_TOKEN"),
        otlp_endpoint=given.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/"),
        webhooks_to_private=_one_of("WEBHOOKS_TO_PRIVATE", value("WEBHOOKS_TO_PRIVATE", "no"), ("yes", "no")) == "yes",
        **_oidc(value("OIDC_ISSUER").rstrip("/"), value("OIDC_CLIENT_ID"), value("OIDC_CLIENT_SECRET")),
        test_data=Path(value("TEST_DATA", "../shared")),
        **_elsewhere(value("SERVER").rstrip("/"), value("API_TOKEN")),
    )


def _file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML ({error}). Mend the file; nothing was started.") from error


def _whole(name: str, text: str, of: str) -> int:
    if not text.isdigit():
        raise SettingsError(f"TIEOUT_{name} must be a whole number of {of}, not {text!r}.")
    return int(text)


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise SettingsError(f"TIEOUT_{name} must be one of {', '.join(choices)}, not {text!r}.")
    return text


def _folder(url: str, *, home: Path) -> Path | None:
    """A folder beside our own, as file:///… or a path. Other stores are mounted as one."""
    if not url:
        return None
    told = urlsplit(url)
    path = Path(unquote(told.path) if told.scheme == "file" else url)
    if told.scheme not in ("", "file") or told.netloc or not path.is_absolute():
        raise SettingsError(
            "TIEOUT_PUBLISH_URL must be a folder, file:///… or a full path. Mount or synchronize a bucket as one; nothing was"
            " started."
        )
    if path.resolve().is_relative_to(home):
        raise SettingsError(
            "TIEOUT_PUBLISH_URL lies inside TIEOUT_HOME, which nobody else may read. Name another folder."
        )
    return path.resolve()


def _is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    return url.startswith("https://") or (url.startswith("http://") and is_loopback(url))


def _poweroffice(url: str) -> str:
    if not _is_private(url):
        raise SettingsError(
            "TIEOUT_POWEROFFICE_URL must be an https address; plain http is for this machine only."
            " Keys and books would be read on the way; nothing was started."
        )
    return url


def _heartbeat(url: str) -> str:
    """The address as given. It is a secret of its own: whoever knows it can say that we live. No error repeats it."""
    if url and not _is_private(url):
        raise SettingsError("TIEOUT_HEARTBEAT_URL must be an https address; plain http is for this machine only.")
    return url


def _elsewhere(server: str, api_token: str) -> dict[str, str]:
    """The server that commands go to. No error repeats the token."""
    if server and not _is_private(server):
        raise SettingsError("TIEOUT_SERVER must be an https address; plain http is for this machine only.")
    if server and not api_token:
        raise SettingsError(
            "TIEOUT_SERVER needs a token: make one on the page Feeds of that server, and set TIEOUT_API_TOKEN."
        )
    if not (api_token.isascii() and api_token.isprintable() and " " not in api_token):
        raise SettingsError("TIEOUT_API_TOKEN is no token: it has signs that none has. Copy it once more.")
    return {"server": server, "api_token": api_token}


def _oidc(issuer: str, client_id: str, client_secret: str) -> dict[str, str]:
    """Sign-in through OpenID Connect: whole, or not at all. No error repeats the secret."""
    if any((issuer, client_id, client_secret)) and not all((issuer, client_id, client_secret)):
        raise SettingsError(
            "TIEOUT_OIDC_ISSUER, TIEOUT_OIDC_CLIENT_ID and TIEOUT_OIDC_CLIENT_SECRET belong together; one of them is missing."
        )
    if issuer and not _is_private(issuer):
        raise SettingsError("TIEOUT_OIDC_ISSUER must be an https address; plain http is for this machine only.")
    return {"oidc_issuer": issuer, "oidc_client_id": client_id, "oidc_client_secret": client_secret}
