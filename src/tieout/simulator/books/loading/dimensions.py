"""Which of the file's dimensions become department, project, location or custom dimension, and the tags of a posting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tieout.simulator.books.loading.content import DimensionRow
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.model import NO_TAGS, Books, Dimension, Project, Tags

_CUSTOM = ("dim1", "dim2", "dim3")
_WORDS = (  # slot, whole codes, beginnings of codes and names
    ("department", ("a",), ("avd", "kostnadss", "department")),
    ("project", ("p", "pro"), ("pros", "proj")),
    ("location", ("l",), ("lokasjon", "location")),
)


class Dimensions:
    def __init__(self, books: Books, opened: datetime, remarks: Remarks, slots: dict[str, str]) -> None:
        self._books = books
        self._opened = opened
        self._remarks = remarks
        self._slots: dict[str, str | None] = dict(slots)  # type -> slot; None: no room for it
        self._ids: dict[tuple[str, str], int] = {}
        self._tags: dict[tuple[tuple[str, str], ...], Tags] = {}
        self._reserved = set(slots.values())

    def add_all(self, rows: Iterable[DimensionRow]) -> None:
        for row in rows:
            self.add(row)

    def add(self, row: DimensionRow) -> None:
        """Put one value where its type belongs; the first of several with the same id counts."""
        if row.type not in self._slots:
            self._slots[row.type] = self._choose(row)
        slot = self._slots[row.type]
        if slot is not None and (row.type, row.id) not in self._ids:
            self._ids[row.type, row.id] = self._record(slot, row)

    def tags(self, pairs: tuple[tuple[str, str], ...]) -> Tags:
        """The tags of a posting from (type, id), one object for all who have the same. Unknown values are made up, and told."""
        if not pairs:
            return NO_TAGS
        found = self._tags.get(pairs)
        if found is None:
            found = NO_TAGS
            for kind, key in pairs:
                found = self._tagged(found, kind, key)
            self._tags[pairs] = found
        return found

    def _tagged(self, tags: Tags, kind: str, key: str) -> Tags:
        if (kind, key) not in self._ids and self._slots.get(kind, "new") is not None:
            self._remarks.often(
                "Dimensions that are used but missing in the file's register were added", f"{kind} {key}"
            )
            self.add(DimensionRow(type=kind, id=key, name=key))
        slot = self._slots[kind]
        return tags if slot is None else replace(tags, **{f"{slot}_id": self._ids[kind, key]})

    def _choose(self, row: DimensionRow) -> str | None:
        taken = self._reserved | set(self._slots.values())
        slot = _by_name(row)
        if slot is not None and slot not in taken:
            return slot
        for custom in _CUSTOM:
            if custom not in taken:
                self._name(custom, row.type_name or row.type)
                return custom
        self._remarks.tell(
            f"Dimension {row.type_name or row.type} was left out: there is room for department, project, location and "
            "three others."
        )
        return None

    def _name(self, custom: str, name: str) -> None:
        profile, place = self._books.profile, _CUSTOM.index(custom)
        names = list(profile.dimension_names)
        names[place] = name
        profile.dimension_names = (names[0], names[1], names[2])

    def _record(self, slot: str, row: DimensionRow) -> int:
        books, number = self._books, self._books.new_id()
        if slot == "project":
            books.projects[number] = self._project(number, row)
            return number
        record = Dimension(
            id=number,
            created=self._opened,
            changed=self._opened,
            code=row.id,
            name=row.name,
            is_active=row.is_active,
            ordinal=_CUSTOM.index(slot) + 1 if slot in _CUSTOM else None,
        )
        shelf = {"department": books.departments, "location": books.locations}.get(slot, books.custom_dimensions)
        shelf[number] = record
        return number

    def _project(self, number: int, row: DimensionRow) -> Project:
        return Project(
            id=number,
            created=self._opened,
            changed=self._opened,
            code=row.id,
            name=row.name,
            status="Active" if row.is_active else "Complete",
            is_active=row.is_active,
            start=row.start,
            end=row.end,
        )


def _by_name(row: DimensionRow) -> str | None:
    for slot, codes, words in _WORDS:
        if row.type.lower() in codes or any(text.lower().startswith(words) for text in (row.type, row.type_name)):
            return slot
    return None
