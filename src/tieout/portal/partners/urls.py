"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.partners import views

app_name = "partners"
urlpatterns = [
    path("firm/<slug:connector>/", views.clients, name="clients"),
    path("firm/<slug:connector>/key/", views.set_key, name="key"),
    path("firm/<slug:connector>/list/", views.list_anew, name="list_anew"),
    path("firm/<slug:connector>/connect/", views.connect, name="connect"),
    path("firm/<slug:connector>/end/", views.end, name="end"),
]
