"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.alerts import views

app_name = "alerts"
urlpatterns = [
    path("alerts/", views.alerts, name="list"),
    path("alerts/choices/", views.choices, name="choices"),
    path("alerts/who/", views.who, name="who"),
    path("alerts/mail/", views.mail, name="mail"),
    path("sources/<uuid:source_id>/told/", views.who_of_source, name="who_of_source"),
    path("sources/<uuid:source_id>/tell-when-proved/", views.wish, name="wish"),
]
