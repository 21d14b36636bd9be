"""The bill of materials: every library of `run.txt` with its version and hashes, as CycloneDX 1.6 JSON.

Made from the lock file alone: the same lock gives the same bill, without a network. Usage: `python requirements/sbom.py FILE`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

HERE = Path(__file__).parent
LOCK = HERE / "run.txt"
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\\n]+))?", re.MULTILINE
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> Iterator[Component]:
    """One for each pinned requirement of a lock file, in its order."""
    starts = list(PINNED.finditer(lock))
    for found, end in zip(starts, [*(one.start() for one in starts[1:]), len(lock)], strict=True):
        marker = (found["marker"] or "").strip()
        yield Component(
            name=found["name"],
            version=found["version"],
            type=ComponentType.LIBRARY,
            purl=(purl := PackageURL("pypi", name=found["name"], version=found["version"])),
            bom_ref=purl.to_string(),
            hashes=[
                HashType(alg=HashAlgorithm.SHA_256, content=one) for one in HASH.findall(lock[found.start() : end])
            ],
            properties=[Property(name="tieout:installed-where", value=marker)] if marker else [],
        )


def bill(lock: str) -> str:
    """The bill as JSON."""
    told = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = Component(name="tieout", version=told["version"], type=ComponentType.APPLICATION, bom_ref="tieout")
    made = Bom(components=components(lock), serial_number=uuid5(NAMESPACE_URL, lock))
    made.metadata.component = ours
    made.metadata.timestamp = None  # type: ignore[assignment] # the same lock, the same bill
    made.register_dependency(ours, made.components)
    return JsonV1Dot6(made).output_as_string(indent=2)


if __name__ == "__main__":
    goal = Path(sys.argv[1])
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.write_text(bill(LOCK.read_text(encoding="utf-8")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{goal}\n")
