"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.explorer import lineage_views, saved_views, sql_views, views

app_name = "explorer"
urlpatterns = [
    path("data/", views.tables, name="tables"),
    path("data/sql/", sql_views.sql, name="sql"),
    path("data/sql/saved/", saved_views.save, name="save"),
    path("data/sql/saved/<uuid:query_id>/", saved_views.change, name="change"),
    path("data/sql/saved/<uuid:query_id>/remove/", saved_views.remove, name="remove"),
    path("data/sql/<uuid:answer_id>/", sql_views.answer, name="answer"),
    path("data/sql/<uuid:answer_id>/file.<str:kind>", sql_views.answer_file, name="answer_file"),
    path("data/<slug:schema>/<slug:name>/", views.table, name="table"),
    path("data/<slug:schema>/<slug:name>/columns/", lineage_views.columns, name="columns"),
    path("data/<slug:schema>/<slug:name>/file.<str:kind>", views.download, name="download"),
]
