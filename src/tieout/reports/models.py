"""All models in the order in which they can be made, for the connectors whose raw tables are there.

raw_<connector> -> staging_<connector> (a folder of that name here: our words for one system) -> staging (all systems
together) -> core (what the books are made of) -> marts (figures for people).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from tieout.reports.model import Model, read_folder, words
from tieout.warehouse.views import View

SCHEMAS = ("core", "marts")  # what people are shown
_HERE = files("tieout.reports")
_NOT_CONNECTORS = {*SCHEMAS, "saft", "__pycache__"}


def views(connectors: Collection[str]) -> Sequence[View]:
    """The views of a warehouse that holds these connectors' raw tables. None where no connector has models."""
    return _views(tuple(sorted(set(connectors) & set(systems()))))


@cache
def systems() -> tuple[str, ...]:
    """The connectors that have models."""
    return tuple(sorted(f.name for f in _HERE.iterdir() if f.is_dir() and f.name not in _NOT_CONNECTORS))


@cache
def models(schema: str) -> tuple[Model, ...]:
    """The models of `core` or `marts`, by name."""
    return tuple(read_folder(_HERE.joinpath(schema), schema=schema))


@cache
def _views(connectors: tuple[str, ...]) -> tuple[View, ...]:
    if not connectors:
        return ()
    staged = {name: list(read_folder(_folder(name), schema=f"staging_{name}")) for name in connectors}
    found = [model for one in staged.values() for model in one]
    found += _together(staged)
    found += [model for schema in SCHEMAS for model in models(schema)]
    told = {(model.schema, model.name): model.told for model in found if not model.parameters}
    return tuple(_view(model, told.get((model.schema, model.name), {})) for model in _in_order(found))


def _folder(connector: str) -> Traversable:
    return _HERE.joinpath(connector)


def _together(staged: dict[str, list[Model]]) -> Iterable[Model]:
    """One view of each kind over all systems; every system's folder has the same kinds."""
    for model in next(iter(staged.values())):
        sql = "\nunion all by name\n".join(f"select * from staging_{name}.{model.name}" for name in staged)
        yield Model(schema="staging", name=model.name, sql=sql, description=model.description, told=model.told)


def _in_order(found: Sequence[Model]) -> Iterable[Model]:
    """Each after those that it needs. Raises KeyError for a model that is named and missing."""
    by_key = {model.key: model for model in found}
    done: dict[tuple[str, str, bool], Model] = {}

    def put(model: Model) -> None:
        if model.key in done:
            return
        for key in sorted(model.needs()):
            put(by_key[key])
        done[model.key] = model

    for model in found:
        put(model)
    return done.values()


def _view(model: Model, told: Mapping[str, str]) -> View:
    """`told`: what the view of the same name says of its columns, for a function that has the same ones."""
    return View(
        schema=model.schema,
        name=model.name,
        sql=model.sql,
        description=model.description,
        columns={**words(), **told, **model.told},
        parameters=model.parameters,
    )
