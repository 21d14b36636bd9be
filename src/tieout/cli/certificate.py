"""`tieout certificate verify`: what holds of a certificate. Offline: it opens no installation and asks nobody."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import Settings
from tieout.sync.certificate import seal
from tieout.sync.certificate.canonical import UnreadableError
from tieout.sync.certificate.verify import Finding, Holds, Opened, opened, verify

MOST_BYTES = 64 * 1024**2
SIGNS = {Holds.YES: "=", Holds.NO: "≠", Holds.UNKNOWN: "?"}


def add_arguments(commands: Any) -> None:
    """`certificate verify FILE [FILE ...] [--key PUBLIC] [--json]`."""
    acts = commands.add_parser("certificate", help="certificates of tie-outs").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    command = acts.add_parser("verify", help="say what holds of a certificate: signature, hash, pages, chain")
    command.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="PDF or JSON; several to check their chain"
    )
    command.add_argument("--key", metavar="PUBLIC", help="the public key, as the workspace shows it")
    command.add_argument("--json", action="store_true", help="one object a file on stdout")
    command.set_defaults(run=run_verify, is_for_servers=True)


def run_verify(arguments: argparse.Namespace, _settings: Settings) -> int:
    """Tell what holds of each file; not proved where anything does not. Raises Failure for what is no certificate."""
    if arguments.key and not seal.is_public_key(arguments.key):
        raise Failure(
            "the key is no public key: 32 bytes in base64, as the page of certificates shows it.", ExitCode.WRONG_USE
        )
    read = [(path, _opened(path)) for path in arguments.files]
    holds = True
    for path, one in read:
        findings = verify(one, key=arguments.key, others=[other for _, other in read if other is not one])
        holds &= all(finding.holds is not Holds.NO for finding in findings)
        _tell(path, one, findings, as_json=arguments.json)
    return ExitCode.PROVED if holds else ExitCode.NOT_PROVED


def _opened(path: Path) -> Opened:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Failure(f"{path} is larger than any certificate.", ExitCode.WRONG_USE)
        return opened(path.read_bytes())
    except OSError as error:
        raise Failure(f"{path} can't be read: {error.strerror}.", ExitCode.WRONG_USE) from error
    except UnreadableError as error:
        raise Failure(f"{path} is no certificate: {error}", ExitCode.WRONG_USE) from error


def _tell(path: Path, one: Opened, findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        facts = {"file": str(path), "number": one.number, "verdict": str(one.content["tie_out"].get("verdict"))}
        facts["findings"] = [{"what": f.what, "holds": f.holds.name.lower(), "why": f.why} for f in findings]
        sys.stdout.write(orjson.dumps(facts).decode() + "\n")
        return
    source = one.content["source"]
    head = f"Certificate {one.number}, {source.get('name')} ({source.get('organisation_number')})"
    sys.stdout.write(f"{_plain(head)}: {_plain(str(one.content['tie_out'].get('verdict')))}\n")
    for finding in findings:
        sys.stdout.write(f"  {SIGNS[finding.holds]} {finding.what} {finding.holds}: {_plain(finding.why)}\n")


def _plain(text: str) -> str:
    """A text of a file that anybody may have written, without what moves a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
