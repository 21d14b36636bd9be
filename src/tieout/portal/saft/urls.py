"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.saft import codes_views, views

app_name = "saft"
urlpatterns = [
    path("sources/<uuid:source_id>/saft/", views.listing, name="files"),
    path("sources/<uuid:source_id>/saft/<uuid:file_id>/", views.file, name="file"),
    path("sources/<uuid:source_id>/saft/<uuid:file_id>/file.xml", views.download, name="download"),
    path("sources/<uuid:source_id>/saft/codes/", codes_views.codes, name="codes"),
    path("sources/<uuid:source_id>/saft/codes.csv", codes_views.codes_file, name="codes_file"),
]
