"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.personal import views

app_name = "personal"
urlpatterns = [path("sources/<uuid:source_id>/personal-data/", views.choices, name="choices")]
