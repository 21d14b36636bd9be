"""From a query to parsed parameters, refusing what the vendor would refuse (contract 5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tieout.simulator.poweroffice.api import parameters
from tieout.simulator.poweroffice.api.endpoint import Endpoint, Shape
from tieout.simulator.poweroffice.api.parameters import Parameter
from tieout.simulator.poweroffice.options import Options

PAGE_SIZE = 5_000
LARGEST_PAGE_SIZE = 20_000
_SHAPING = tuple(
    parameters.plain(name, parse)
    for name, parse in (
        ("PageNumber", parameters.whole),
        ("PageSize", parameters.whole),
        ("MaxPageSize", parameters.whole),  # the vendor's schema has it, read-only
        ("Fields", str),
        ("OrderBy", str),
        ("UseDatabaseValidation", parameters.boolean),
    )
)


class BadRequestError(ValueError):
    """The question is refused with 400; the text is for the answer's `detail`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, understood. `given` has the filters' values; blank ones are off."""

    filters: tuple[tuple[Parameter, Any], ...]
    given: dict[str, Any]
    fields: tuple[str, ...]  # the properties to answer with
    order: tuple[tuple[str, bool], ...]  # property, descending
    page: int
    size: int


def lacks_required(endpoint: Endpoint, query: Iterable[tuple[str, str]]) -> bool:
    """Whether the gateway finds no route, since a required parameter is missing."""
    told = {name.lower() for name, _ in query}
    return any(one.is_required and one.name.lower() not in told for one in endpoint.parameters)


def understand(endpoint: Endpoint, query: Iterable[tuple[str, str]], options: Options) -> Asked:
    """Raises BadRequestError."""
    known = _known(endpoint)
    refused = {name.lower() for name in endpoint.not_simulated}
    values: dict[str, Any] = {}
    for name, text in query:
        if name.lower() in refused:
            raise BadRequestError(f"The parameter '{name}' is not simulated.")
        if name.lower() not in known:
            if options.unknown_parameters == "ignored":
                continue
            raise BadRequestError(f"The parameter '{name}' is not supported on this endpoint.")
        parameter = known[name.lower()]
        if text.strip() or parameter.is_required:
            values[parameter.name] = _parsed(parameter, text)
    if values.pop("UseDatabaseValidation", False):
        raise BadRequestError("The parameter 'UseDatabaseValidation' is not simulated.")
    page, size = _page(values, options)
    return Asked(
        filters=tuple((one, values[one.name]) for one in endpoint.parameters if one.keep and one.name in values),
        given=values,
        fields=_fields(endpoint, values.get("Fields", ""), options),
        order=tuple(_order(endpoint, values.get("OrderBy", ""), options)),
        page=page,
        size=size,
    )


def _known(endpoint: Endpoint) -> dict[str, Parameter]:
    shaping = _SHAPING if endpoint.shape is Shape.PAGED else ()
    return {one.name.lower(): one for one in (*endpoint.parameters, *shaping)}


def _parsed(parameter: Parameter, text: str) -> Any:
    try:
        return parameter.parse(text)
    except ValueError as error:
        raise BadRequestError(f"The value of '{parameter.name}' is not valid: {error}.") from None


def _page(values: dict[str, Any], options: Options) -> tuple[int, int]:
    page, size = values.get("PageNumber", 1), values.get("PageSize", PAGE_SIZE)
    if options.page_size_beyond == "clamp":
        return max(page, 1), min(max(size, 1), LARGEST_PAGE_SIZE)
    if page < 1:
        raise BadRequestError("PageNumber must be 1 or more.")
    if not 1 <= size <= LARGEST_PAGE_SIZE:
        raise BadRequestError(f"PageSize must be between 1 and {LARGEST_PAGE_SIZE}.")
    return page, size


def _fields(endpoint: Endpoint, text: str, options: Options) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [name for name in names if _is_property(endpoint, name, "Fields", options)]
    if known and options.fields_have_id and "Id" in endpoint.columns and "Id" not in known:
        known.append("Id")
    return tuple(known) or tuple(endpoint.columns)


def _order(endpoint: Endpoint, text: str, options: Options) -> Iterable[tuple[str, bool]]:
    for part in text.split(","):
        if not part.strip():
            continue
        name, _, direction = part.strip().partition(" ")
        if not _is_property(endpoint, name, "OrderBy", options):
            continue
        if direction.strip().lower() not in ("", "asc", "desc"):
            raise BadRequestError(f"'{part.strip()}' in OrderBy is not a property with asc or desc.")
        yield name, direction.strip().lower() == "desc"


def _is_property(endpoint: Endpoint, name: str, where: str, options: Options) -> bool:
    """False only where unknown ones are ignored. Raises BadRequestError else."""
    if name not in endpoint.columns and options.unknown_fields == "400":
        raise BadRequestError(f"'{name}' in {where} is not a property of {endpoint.schema}.")
    return name in endpoint.columns
