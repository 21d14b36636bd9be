"""Every query of a page begins at a workspace: the one rule whose break leaks a customer's books."""

from __future__ import annotations

import re
from pathlib import Path

import tieout.portal

PORTAL = Path(tieout.portal.__file__).parent
# A line may say why: "# Not of one workspace: ..." on it or before it.
EXCUSE = "Not of one workspace:"
TENANT_MODELS = (
    r"(Source|ApprovalLink|OnboardingSession|Candidate|Sync|StreamState|Event|Credentials|Happening|Membership"
    r"|Incident|Message|Receiver|Choice|ProofWish|Endpoint|Delivery|Invitation)"
)
UNSCOPED = re.compile(rf"\b{TENANT_MODELS}\.(objects|_default_manager)\b(?!\s*\.\s*in_workspace\()")
BY_OWNER = re.compile(r"[(,]\s*(source|source__in|session|sync|link|person|endpoint|\w*workspace)=")


def page_files() -> list[Path]:
    return [
        path
        for path in PORTAL.rglob("*.py")
        if path.stem in ("views", "queries", "listing") or path.parent.name in ("views", "queries")
    ]


def unscoped(path: Path) -> list[str]:
    """Lines that ask a table of tenants without a workspace, a row that was reached through one, or an excuse."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines):
        around = "\n".join(lines[max(0, number - 1) : number + 3])
        if (
            UNSCOPED.search(line)
            and "in_workspace(" not in around
            and not BY_OWNER.search(around)
            and EXCUSE not in around
        ):
            found.append(f"{path.relative_to(PORTAL)}:{number + 1}: {line.strip()}")
    return found


def test_every_query_of_a_page_begins_at_a_workspace() -> None:
    files = page_files()
    assert len(files) >= 4
    assert not [line for path in files for line in unscoped(path)]


def test_the_rule_notices_a_break(tmp_path: Path) -> None:
    broken = PORTAL / "sources" / "views.py"
    assert UNSCOPED.search("Source.objects.all()")
    assert UNSCOPED.search("Source.objects.filter(name=name)")
    assert not UNSCOPED.search("Source.objects.in_workspace(workspace)")
    assert not unscoped(broken)
