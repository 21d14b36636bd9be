"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.sources import views

app_name = "sources"
urlpatterns = [
    path("sources/", views.list_sources, name="list"),
    path("sources/<uuid:source_id>/settings/", views.settings, name="settings"),
    path("sources/<uuid:source_id>/settings/coming/", views.coming, name="coming"),
    path("sources/<uuid:source_id>/pause/", views.pause, name="pause"),
    path("sources/<uuid:source_id>/resume/", views.resume, name="resume"),
    path("sources/<uuid:source_id>/remove/", views.remove, name="remove"),
]
