"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.certificates import views

app_name = "certificates"
urlpatterns = [
    path("sources/<uuid:source_id>/certificates/", views.listing, name="list"),
    path("sources/<uuid:source_id>/certificates/export/", views.export, name="export"),
    path("sources/<uuid:source_id>/certificates/<int:number>/", views.certificate, name="certificate"),
    path("sources/<uuid:source_id>/certificates/<int:number>.<str:kind>", views.download, name="download"),
]
