"""How Django learns this installation's settings: once per process, before the first model is imported.

The server chooses them, since it knows the address it serves; who does not choose gets the environment's.
"""

from __future__ import annotations

import importlib
from typing import Any

from tieout.config import Settings, load

_chosen: list[Settings] = []


def installation() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return _chosen[0] if _chosen else load()


def start_django(settings: Settings) -> None:
    """Make Django ready with these settings. Where a process (a test's) has it ready already, that stays as it is."""
    import django
    from django.conf import settings as django_settings

    if not django_settings.configured:
        _chosen[:] = [settings]
        module = importlib.import_module("tieout.portal.settings")
        named: dict[str, Any] = {name: value for name, value in vars(module).items() if name.isupper()}
        django_settings.configure(**named)
    django.setup()
