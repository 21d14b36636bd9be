"""What the log may say."""

from __future__ import annotations

import json
import logging

import pytest

from tieout.portal.logs import JsonLines, MasksSecrets, about, masked


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Not Found: /approve/s3cr3t-token/", "Not Found: /approve/***/"),
        ("GET /welcome/s3cr3t HTTP/1.1", "GET /welcome/*** HTTP/1.1"),
        ("/accounts/password/reset/key/1-s3cr3t/", "/accounts/password/reset/key/***/"),
        (
            "http://127.0.0.1/oauth/toy/callback?token=s3cr3t&status=ok went wrong",
            "http://127.0.0.1/oauth/toy/callback?*** went wrong",
        ),
        ("Is this 100 % harmless? Yes.", "Is this 100 % harmless? Yes."),
    ],
)
def test_secrets_in_addresses_are_masked(line: str, written: str) -> None:
    assert masked(line) == written


def test_arguments_and_tracebacks_are_masked_too() -> None:
    try:
        raise ValueError("no /approve/s3cr3t/")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "at %s", ("/approve/s3cr3t/",), info)
    assert MasksSecrets().filter(record)
    assert "s3cr3t" not in logging.Formatter().format(record)
    assert "at /approve/***/" in logging.Formatter().format(record)


def test_json_line_says_what_it_is_about_and_hides_people() -> None:
    record = logging.LogRecord(
        "tieout.x", logging.WARNING, "f", 1, "to %s with whsec_YWJjZA==", ("a@example.com",), None
    )
    MasksSecrets().filter(record)
    with about(job="sync", sync_id=7):
        line = json.loads(JsonLines().format(record))
    assert (line["level"], line["logger"], line["job"], line["sync_id"]) == ("warning", "tieout.x", "sync", 7)
    assert line["message"] == "to ***@*** with whsec_***"
    assert "sync_id" not in json.loads(JsonLines().format(record))
