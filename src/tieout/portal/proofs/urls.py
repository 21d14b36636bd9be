"""Addresses of this app. The proof page's own is among the pages of a data source, in `syncs`."""

from __future__ import annotations

from django.urls import path

from tieout.portal.proofs import views

app_name = "proofs"
urlpatterns = [
    path("close/", views.board, name="board"),
    path("sources/<uuid:source_id>/proof/open-items/", views.open_items, name="open_items"),
]
