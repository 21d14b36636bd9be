"""What holds now, told as values: the bridge between looking at the installation and keeping incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tieout.portal.alerts.models import Kind
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that people must know. `is_masked`: a greater cause covers it, so it neither opens nor closes now."""

    kind: Kind
    key: str
    since: datetime
    workspace: Workspace | None = None
    source: Source | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_masked: bool = False


def key_of(kind: Kind, owner: object) -> str:
    """What makes two findings the same incident: "source:<id>:approval_withdrawn"."""
    return f"{owner}:{kind.value}"


def of_source(kind: Kind, source: Source, *, since: datetime, is_masked: bool = False, **facts: Any) -> Found:
    """A finding about one data source, with what a message says of it."""
    return Found(
        kind=kind,
        key=key_of(kind, f"source:{source.pk}"),
        since=since,
        workspace=source.workspace,
        source=source,
        facts={"company": source.company_name, "stand_at": _text(source.last_complete_at), **facts},
        is_masked=is_masked,
    )


def of_installation(kind: Kind, about: str, *, since: datetime, **facts: Any) -> Found:
    """A finding about the whole installation; `about` keeps two of a kind apart: a connector's name."""
    return Found(kind=kind, key=key_of(kind, f"installation:{about}"), since=since, facts=facts)


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
