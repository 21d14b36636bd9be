"""Departments, locations and the company's own dimensions (contract 6.6, 7.14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, Shape, none_of
from tieout.simulator.poweroffice.api.parameters import changed_after, flag, numbers, part_of, words
from tieout.simulator.poweroffice.api.properties import STAMPS, single
from tieout.simulator.poweroffice.api.view import View


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the three dimensions that a company may name."""

    ordinal: int
    name: str | None


def _slots(view: View) -> Iterable[Slot]:
    return [Slot(ordinal, name) for ordinal, name in enumerate(view.books.profile.dimension_names, start=1)]


_COMMON: Columns = {
    "Code": lambda row, view: row.code,
    **STAMPS,
    "Id": lambda row, view: row.id,
    "IsActive": lambda row, view: row.is_active,
    "Name": lambda row, view: row.name,
}
DEPARTMENT_COLUMNS: Columns = {
    **_COMMON,
    "ManagerEmployeeId": lambda row, view: row.manager_id,
    "ManagerEmployeeNo": lambda row, view: view.employee_no(row.manager_id),
    **none_of("CreatedFromImportJournalId"),
}
CUSTOM_COLUMNS: Columns = {
    **_COMMON,
    "Ordinal": lambda row, view: row.ordinal,
    **none_of("CreatedFromImportJournalId", "ExternalImportReference"),
}
SLOT_COLUMNS: Columns = {
    "IsActive": lambda slot, view: slot.name is not None,
    "Name": lambda slot, view: slot.name,
    "Ordinal": lambda slot, view: slot.ordinal,
}

_CREATED = changed_after("createdDateTimeOffsetGreaterThan", _COMMON["CreatedDateTimeOffset"])
_CHANGED = changed_after("lastChangedDateTimeOffsetGreaterThan", _COMMON["LastChangedDateTimeOffset"])
_CODES = words("codes", _COMMON["Code"])

DEPARTMENTS = Endpoint(
    path="/Departments",
    schema="DepartmentDto",
    privileges=("Department",),
    rows=lambda view: view.books.departments.values(),
    columns=DEPARTMENT_COLUMNS,
    parameters=(
        _CREATED,
        _CHANGED,
        _CODES,
        flag("isActive", _COMMON["IsActive"]),
        numbers("managerEmployeeNo", DEPARTMENT_COLUMNS["ManagerEmployeeNo"]),
        part_of("name", _COMMON["Name"]),
    ),
    not_simulated=("createdFromImportJournalId",),
)
LOCATIONS = Endpoint(
    path="/Locations",
    schema="LocationDto",
    privileges=("Location",),
    rows=lambda view: view.books.locations.values(),
    columns=_COMMON,
    parameters=(_CREATED, _CODES),
)
CUSTOM_DIMENSIONS = Endpoint(
    path="/CustomDimensions",
    schema="CustomDimensionDto",
    privileges=("CustomDimension",),
    rows=lambda view: view.books.custom_dimensions.values(),
    columns=CUSTOM_COLUMNS,
    parameters=(_CREATED, _CHANGED, _CODES, words("ordinal", CUSTOM_COLUMNS["Ordinal"])),
    not_simulated=("externalImportReference",),
)

ENDPOINTS = (
    DEPARTMENTS,
    single(DEPARTMENTS),
    LOCATIONS,
    single(LOCATIONS),
    CUSTOM_DIMENSIONS,
    single(CUSTOM_DIMENSIONS),
    Endpoint(
        path="/CustomDimensionSettings",
        schema="CustomDimensionSettingsDto",
        privileges=("CustomDimension",),
        rows=_slots,
        columns=SLOT_COLUMNS,
        shape=Shape.LIST,
    ),
)
