"""Addresses of this app."""

from __future__ import annotations

from django.urls import path, re_path

from tieout.portal.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.index, name="index"),
    path("reports/postings/", views.postings, name="postings"),
    path("reports/open-items/", views.open_items, name="open_items"),
    path("reports/<slug:name>/", views.report, name="report"),
    re_path(r"^reports/(?P<name>[-a-z]+)/file\.(?P<kind>csv|xlsx|pdf)$", views.download, name="download"),
    path("reports/<slug:name>/<uuid:company>/<int:number>/", views.card, name="card"),
]
