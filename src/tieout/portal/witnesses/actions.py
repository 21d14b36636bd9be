"""What may happen to witnesses: a file is heard."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.syncs import warehouses
from tieout.portal.witnesses.models import DIFFERENCES_KEPT, Witness
from tieout.portal.workspaces.actions import tell
from tieout.sync.witness.compare import Evidence, examine
from tieout.sync.witness.errors import WitnessError
from tieout.sync.witness.matching import Apart


def hear(source: Source, path: Path, *, name: str, by: Person | None) -> Witness:
    """Hold a data source's books against a file, and keep what it said. Raises WitnessError, BusyError."""
    if not source.first_sync_done_at or not warehouses.exists(source.workspace):
        raise WitnessError("Nothing is stored yet that could be compared. Wait for the first sync, then try again.")
    with warehouses.store_of(source) as store:
        told = examine(
            path,
            name,
            organisation_number=source.organisation_number,
            proof=connector_of(source).proof,
            store=store,
            at=timezone.now(),
        )
    with transaction.atomic():
        witness = _kept(source, told, by)
        tell(source.workspace, "witness_heard", person=by, source=source, file=witness.file_name, agrees=told.agrees)
    return witness


def hear_upload(source: Source, upload: UploadedFile[Any], *, by: Person | None) -> Witness:
    """As `hear`, for what came over the network: it is written to a file that is gone afterwards."""
    with tempfile.NamedTemporaryFile(suffix=".saft") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        return hear(source, Path(copy.name), name=upload.name or "", by=by)


def _kept(source: Source, told: Evidence, by: Person | None) -> Witness:
    header, matched = told.header, told.vouchers
    return Witness.objects.create(
        source=source,
        at=told.at,
        by=by,
        file_name=told.file_name[-200:],
        sha256=told.sha256,
        software=header.software[:200],
        first=header.first,
        last=header.last,
        agrees=told.agrees,
        accounts=told.accounts,
        vouchers_equal=matched.equal,
        vouchers_renumbered=matched.renumbered,
        accounts_apart=len({one.account_no for one in told.accounts_apart}),
        vouchers_apart=len(matched.apart),
        facts={
            "accounts": [asdict(one) for one in told.accounts_apart[:DIFFERENCES_KEPT]],
            "vouchers": [_voucher(one) for one in matched.apart[:DIFFERENCES_KEPT]],
            "contradictions": [asdict(one) for one in told.contradictions[:DIFFERENCES_KEPT]],
        },
    )


def _voucher(one: Apart) -> dict[str, object]:
    return {
        "shape": one.shape.value,
        "number": one.number,
        "month": f"{one.month[0]}-{one.month[1]:02d}",
        "accounts": [list(row) for row in one.accounts],
    }
