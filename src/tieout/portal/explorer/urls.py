"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.explorer import views

app_name = "explorer"
urlpatterns = [
    path("data/", views.tables, name="tables"),
    path("data/<slug:schema>/<slug:name>/", views.table, name="table"),
    path("data/<slug:schema>/<slug:name>/file.<str:kind>", views.download, name="download"),
]
