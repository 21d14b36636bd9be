"""The portal as a WSGI application, for `serve`. Django must be ready (bootstrap.start_django)."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler

application = WSGIHandler()
