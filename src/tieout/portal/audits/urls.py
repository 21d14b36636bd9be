"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.audits import views

app_name = "audits"
urlpatterns = [
    path("audit/", views.log, name="log"),
    path("audit/log.csv", views.log_csv, name="csv"),
]
