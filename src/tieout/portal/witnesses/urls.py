"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.witnesses import views

app_name = "witnesses"
urlpatterns = [
    path("sources/<uuid:source_id>/witnesses/", views.listing, name="list"),
    path("sources/<uuid:source_id>/witnesses/<int:witness_id>/", views.witness, name="witness"),
]
