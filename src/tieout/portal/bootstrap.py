"""How Django learns this installation's settings: once per process, before the first model is imported.

The server chooses them, since it knows the address it serves; who does not choose gets the environment's.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from tieout.config import Settings, load

MODULE = "tieout.portal.settings"
_chosen: list[Settings] = []


def installation() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return _chosen[0] if _chosen else load()


def start_django(settings: Settings) -> None:
    """Make Django ready with these settings; called again with others (the server knows its port late), it takes those.

    Where somebody else configured Django (the tests), that stays as it is.
    """
    import django
    from django.conf import settings as django_settings

    is_ours = bool(_chosen) or not django_settings.configured
    if is_ours:
        _chosen[:] = [settings]
        _configure(django_settings)
    django.setup()


def _configure(django_settings: Any) -> None:
    known = sys.modules.get(MODULE)
    module = importlib.reload(known) if known else importlib.import_module(MODULE)
    named = {name: value for name, value in vars(module).items() if name.isupper()}
    if not django_settings.configured:
        django_settings.configure(**named)
    for name, value in named.items():
        setattr(django_settings, name, value)
