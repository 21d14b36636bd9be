"""Addresses of this app. Outside the demo they do not exist (404)."""

from __future__ import annotations

from django.urls import path

from tieout.portal.trials import views

app_name = "trials"
urlpatterns = [
    path("sources/<uuid:source_id>/try/<slug:name>/", views.act, name="act"),
    path("sources/<uuid:source_id>/try/", views.strip, name="strip"),
]
