"""Properties that many of the vendor's rows share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tieout.simulator.books.model import Address
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, Shape, always
from tieout.simulator.poweroffice.api.parameters import Get
from tieout.simulator.poweroffice.api.view import View

NO_FARM = always("None")  # AgricultureDepartment: only clients that are farms have others
ORDINARY_VAT = always("None")  # VatReturnSpecification

CREATED: Columns = {"CreatedDateTimeOffset": lambda row, view: row.created}
CHANGED: Columns = {"LastChangedDateTimeOffset": lambda row, view: row.changed}
STAMPS: Columns = {**CREATED, **CHANGED}

DEPARTMENT: Columns = {
    "DepartmentCode": lambda row, view: view.code(view.books.departments, row.tags.department_id),
    "DepartmentId": lambda row, view: row.tags.department_id,
}
PROJECT: Columns = {
    "ProjectCode": lambda row, view: view.code(view.books.projects, row.tags.project_id),
    "ProjectId": lambda row, view: row.tags.project_id,
}
PRODUCT: Columns = {
    "ProductCode": lambda row, view: view.code(view.books.products, row.tags.product_id),
    "ProductId": lambda row, view: row.tags.product_id,
}
# Of rows with `tags`. Products are apart: only postings and lines have them.
DIMENSIONS: Columns = {
    **DEPARTMENT,
    "Dim1Code": lambda row, view: view.code(view.books.custom_dimensions, row.tags.dim1_id),
    "Dim1Id": lambda row, view: row.tags.dim1_id,
    "Dim2Code": lambda row, view: view.code(view.books.custom_dimensions, row.tags.dim2_id),
    "Dim2Id": lambda row, view: row.tags.dim2_id,
    "Dim3Code": lambda row, view: view.code(view.books.custom_dimensions, row.tags.dim3_id),
    "Dim3Id": lambda row, view: row.tags.dim3_id,
    "LocationCode": lambda row, view: view.code(view.books.locations, row.tags.location_id),
    "LocationId": lambda row, view: row.tags.location_id,
    **PROJECT,
}


def amount(hundredths: int | None) -> float | None:
    """Money as the vendor's JSON has it. A quotient by 100 prints as its two decimals up to 15 digits."""
    return None if hundredths is None else hundredths / 100


def rate(millionths: int | None) -> float | None:
    return None if millionths is None else millionths / 1_000_000


def share(basis_points: int | None) -> float | None:
    return None if basis_points is None else basis_points / 10_000


def percent(basis_points: int | None) -> float | None:
    return None if basis_points is None else basis_points / 100


def address(place: Address) -> dict[str, Any]:
    return {
        "AddressLine1": place.line1,
        "AddressLine2": place.line2,
        "City": place.city,
        "CountryCode": place.country,
        "ZipCode": place.zip_code,
    }


def single(endpoint: Endpoint, get_id: Get | None = None, *, owner: str | None = None) -> Endpoint:
    """The endpoint of one entity by its id, where the list has one; under its `owner`'s id (ContactId) where it has that."""
    finds = {"id": get_id or endpoint.columns["Id"]}
    if owner is not None:
        finds[owner[0].lower() + owner[1:]] = endpoint.columns[owner]

    def rows(view: View) -> list[Any]:
        return [
            row
            for row in endpoint.rows(view) or ()
            if all(str(find(row, view)) == view.path[name].lower() for name, find in finds.items())
        ]

    path = "/".join([endpoint.path, *(f"{{{name}}}" for name in reversed(finds))])
    kept = tuple(one for one in endpoint.parameters if one.name == "showInherited")
    return replace(endpoint, path=path, rows=rows, parameters=kept, not_simulated=(), shape=Shape.OBJECT)
