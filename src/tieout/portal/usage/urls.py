"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.usage import views

app_name = "usage"
urlpatterns = [path("requests/", views.requests, name="requests")]
