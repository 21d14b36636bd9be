"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.api.interface import api

urlpatterns = [path("api/v1/", api.urls)]
