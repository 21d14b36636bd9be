"""Asking in SQL for a person: within what he may see, a few at a time; the answer is his for an hour."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404

from tieout.portal.explorer import queries
from tieout.portal.feeds import workbook
from tieout.portal.people.models import Person
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.asking import answers
from tieout.warehouse.asking.ask import NotAnsweredError, ask
from tieout.warehouse.browse import TableColumn

AT_ONCE = 2  # questions of everybody together: a machine has more to do
WAITED_SECONDS = 10
SHOWN_ROWS = 500
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a question. `companies` are those whose rows it may hold."""

    sql: str
    person: int
    companies: list[str]
    rows: int
    seconds: float
    is_cut: bool


def ask_for(workspace: Workspace, person: Person, sql: str, has_left: Callable[[], bool]) -> UUID:
    """Ask, and keep the answer. Raises RefusedError, NotAnsweredError ("busy" too), FileNotFoundError before the first sync."""
    companies = [str(source.pk) for source in queries.sources_of(workspace)]
    answer_id = uuid4()
    path = _path(workspace, answer_id)
    answers.forget_old(path.parent)
    if not _places.acquire(timeout=WAITED_SECONDS):
        raise NotAnsweredError("busy")
    try:
        done = ask(
            sql,
            published=settings.TIEOUT.home / "published" / workspace.slug,
            source_ids=companies,
            to=path,
            has_left=has_left,
        )
    finally:
        _places.release()
    answer = Answer(
        sql=sql, person=person.pk, companies=companies, rows=done.rows, seconds=done.seconds, is_cut=done.is_cut
    )
    path.with_suffix(".json").write_text(json.dumps(asdict(answer)), encoding="utf-8")
    return answer_id


def answer_of(workspace: Workspace, person: Person, answer_id: UUID) -> Answer:
    """An answer that is the person's, of companies all of which he may still see. Raises Http404."""
    path = _path(workspace, answer_id)
    try:
        answer = Answer(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise Http404 from error
    seen = {str(source.pk) for source in queries.sources_of(workspace)}
    if answer.person != person.pk or not seen.issuperset(answer.companies) or not path.exists():
        raise Http404
    return answer


def some_rows(
    workspace: Workspace, answer_id: UUID, *, most: int = SHOWN_ROWS, after: int = 0
) -> tuple[tuple[TableColumn, ...], list[tuple[Any, ...]]]:
    """Columns and a page of rows, of an answer that `answer_of` has given."""
    path = _path(workspace, answer_id)
    with warehouses.opened(workspace) as warehouse:
        return answers.columns_of(warehouse, path), list(answers.rows(warehouse, path, most=most, after=after))


def file_of(workspace: Workspace, answer_id: UUID, answer: Answer, kind: str) -> Path:
    """The whole as a new file, which the caller deletes. Raises Http404 for no such kind."""
    path = _path(workspace, answer_id)
    if kind not in KINDS:
        raise Http404
    with warehouses.opened(workspace) as warehouse:
        if kind == "csv":
            return answers.as_csv(warehouse, path)
        if kind == "parquet":
            beside = path.with_name(f"{answers.PREFIX}{uuid4()}.parquet")
            beside.hardlink_to(path)
            return beside
        columns = answers.columns_of(warehouse, path)
        return workbook.write(path.parent, "SQL", columns, answers.rows(warehouse, path), {"SQL": answer.sql})


def _path(workspace: Workspace, answer_id: UUID) -> Path:
    folder: Path = settings.TIEOUT.home / "spool" / workspace.slug / ".exports"
    return folder / f"{answers.PREFIX}{answer_id}.parquet"
