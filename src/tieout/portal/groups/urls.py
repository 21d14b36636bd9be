"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.groups import views

app_name = "groups"
urlpatterns = [
    path("groups/", views.index, name="groups"),
    path("groups/<int:group_id>/", views.show, name="group"),
    path("groups/<int:group_id>/remove/", views.remove, name="remove"),
    path("sources/several/", views.several, name="several"),
    path("sources/<uuid:source_id>/responsible/", views.responsible, name="responsible"),
    path("alerts/responsible-first/", views.messages_first, name="messages_first"),
]
