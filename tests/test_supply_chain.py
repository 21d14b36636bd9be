"""The bill of materials is the lock file's, and a finding of the audit is never taken for none."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
SBOM, AUDIT = (runpy.run_path(str(ROOT / "requirements" / name)) for name in ("sbom.py", "audit.py"))


def answer(*libraries: dict[str, Any]) -> str:
    return json.dumps({"dependencies": [{"name": "fixture", "version": "1.0"} | one for one in libraries], "fixes": []})


def test_the_bill_holds_each_pinned_library_with_its_hashes_and_no_address() -> None:
    bill = SBOM["bill"](LOCK)
    pinned = set(re.findall(r"^([\w.-]+)(?:\[.*?\])?==(\S+)", LOCK, re.MULTILINE))
    told = json.loads(bill)
    assert {(one["name"], one["version"]) for one in told["components"]} == pinned
    assert len(told["components"]) == LOCK.count("==") - len(re.findall(r";.*==", LOCK))
    hashes = [one["content"] for library in told["components"] for one in library["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:(\w+)", LOCK))
    assert "://" not in bill.replace(told["$schema"], "")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    assert bill == SBOM["bill"](LOCK), "the same lock, the same bill"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (answer({"vulns": []}), 0),
        (answer({"vulns": []}, {"skip_reason": "not there"}), 0),
        (answer({"vulns": [{"id": "FIXTURE-1", "fix_versions": ["1.1"]}]}, {"skip_reason": "not there"}), 1),
        (answer({"vulns": [{"id": "FIXTURE-1", "fix_versions": []}]}), 1),
        (answer({"skip_reason": "not there"}), 75),
        ("", 75),
    ],
)
def test_a_finding_fails_and_a_service_that_was_not_asked_says_so(told: str, code: int) -> None:
    found, lines = AUDIT["verdict"](told)
    assert found == code
    assert lines
    assert ("FIXTURE-1" in "".join(lines)) is (code == 1)
    assert ("could not be asked" in "".join(lines)) is (code == 75)


def test_what_must_land_asks_and_goes_on_only_where_nobody_answers() -> None:
    assert "requirements/audit.py --or-unreachable" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    check = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "bandit -q -c pyproject.toml -r src" in check
