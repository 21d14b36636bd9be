"""Every address of the portal, from the URL configuration itself: a new page is attacked without being named here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

# What fills a part of an address that nobody gave a value for, by the part's name; else by its kind.
NAMED = {"kind": "csv", "connector": "toy", "slug": "x", "schema": "core", "name": "postings", "key": "set-password"}
BY_KIND = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uuidstr": "00000000-0000-4000-8000-000000000000",
    "int": "1",
}
PART = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """One address: how it is written in the URL configuration, the names of its parts, and what answers."""

    pattern: str
    parts: tuple[str, ...]
    view: Any

    @property
    def is_exempt(self) -> bool:
        """Whether Django's CSRF check is off."""
        return bool(getattr(self.view, "csrf_exempt", False))

    def filled(self, values: Mapping[str, Any] = {}) -> str:
        """The address with its parts filled: from `values` by name, else with something of the right kind."""

        def fill(part: re.Match[str]) -> str:
            kind, name = part[1] or "str", part[2]
            return str(values.get(name) or NAMED.get(name) or BY_KIND.get(kind, "x"))

        return "/" + PART.sub(fill, self.pattern)


def every() -> list[Address]:
    """All addresses, also those of included applications; what ends the session last, so that a walk stays signed in."""
    return sorted(_addresses(get_resolver(), ""), key=lambda one: "logout" in one.pattern)


def _addresses(resolver: URLResolver, before: str) -> Iterator[Address]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _addresses(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            text = str(one.pattern)
            if text.startswith("^"):  # a regular expression: named groups become parts
                text = re.sub(r"%\((\w+)\)s", r"<\1>", normalize(text)[0][0])
            parts = tuple(part[1] for part in PART.findall(text))
            yield Address(before + text, parts, one.callback)


def everything_stored(*, but: tuple[str, ...] = ("django_session", "usersessions_", "audits_")) -> dict[str, Any]:
    """All rows of app.db, but for tables that begin like one of `but`: browsers' sessions, and what is logged of attempts."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names() if not name.startswith(but)]
        return {name: cursor.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)}
