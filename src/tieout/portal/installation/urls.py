"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.installation import views

app_name = "installation"
urlpatterns = [
    path("installation/", views.doctor, name="doctor"),
    path("installation/keys/<slug:connector>/", views.keys, name="keys"),
]
