"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.removals import views

app_name = "removals"
urlpatterns = [path("workspace/remove/", views.remove, name="workspace")]
