"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.workspaces import views

app_name = "workspaces"
urlpatterns = [path("workspaces/<slug:slug>/open/", views.open_workspace, name="open")]
