"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", views.webhooks, name="list"),
    path("webhooks/<uuid:endpoint_id>/", views.webhook, name="webhook"),
    path("webhooks/<uuid:endpoint_id>/test/", views.test, name="test"),
    path("webhooks/<uuid:endpoint_id>/secret/", views.renew_secret, name="renew_secret"),
    path("webhooks/<uuid:endpoint_id>/switch/", views.switch, name="switch"),
    path("webhooks/<uuid:endpoint_id>/remove/", views.remove, name="remove"),
]
