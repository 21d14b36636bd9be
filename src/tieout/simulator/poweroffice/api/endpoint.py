"""What one row of the table of endpoints says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from tieout.simulator.poweroffice.api.parameters import Parameter
from tieout.simulator.poweroffice.api.view import View

Columns: TypeAlias = Mapping[str, Callable[[Any, View], Any]]
Rows: TypeAlias = Callable[[View], Iterable[Any] | None]


class Shape(Enum):
    """What an answer looks like."""

    PAGED = 1  # an array, by pages; 204 when empty
    LIST = 2  # an array, whole; takes no parameters for paging
    OBJECT = 3  # one object; 404 of the API itself where there is none
    FILE = 4  # a zip file; `rows` gives its (name, content) pairs; 204 where there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One path of the vendor's API.

    `rows` gives None where what the path names is not there. `schema` is the vendor's name for one row (openapi.yaml).
    `not_simulated` are parameters that the vendor documents and we refuse.
    """

    path: str
    schema: str
    privileges: tuple[str, ...]
    rows: Rows
    columns: Columns
    parameters: tuple[Parameter, ...] = ()
    not_simulated: tuple[str, ...] = ()
    shape: Shape = Shape.PAGED


def nothing(_row: object, _view: View) -> None:
    """Of a property that is never filled here."""
    return


def always(value: object) -> Callable[[Any, View], Any]:
    """Of a property that is the same for all."""
    return lambda _row, _view: value


def none_of(*names: str) -> dict[str, Callable[[Any, View], Any]]:
    return dict.fromkeys(names, nothing)


def not_ours(path: str, schema: str, privilege: str) -> Endpoint:
    """A voucher that only the integration which made it may read: never ours, so the API's own 404 (contract 6.5)."""
    return Endpoint(
        path=path, schema=schema, privileges=(privilege,), rows=lambda _view: None, columns={}, shape=Shape.OBJECT
    )
