"""Addresses of this app."""

from __future__ import annotations

from django.urls import path, re_path

from tieout.portal.feeds import views

app_name = "feeds"
ODATA = r"^odata/v4/(?P<slug>[-\w]+)/"
urlpatterns = [
    path("feeds/", views.tokens, name="tokens"),
    path("feeds/<uuid:token_id>/made/", views.made, name="made"),
    path("feeds/<uuid:token_id>/revoke/", views.revoke, name="revoke"),
    re_path(ODATA + r"$", views.service, name="service"),
    re_path(ODATA + r"\$metadata$", views.metadata, name="metadata"),
    re_path(ODATA + r"(?P<name>\w+)$", views.rows, name="rows"),
    re_path(ODATA + r"(?P<name>\w+)/\$count$", views.count, name="count"),
    re_path(ODATA + r"(?P<name>\w+)\.(?P<kind>\w+)$", views.file, name="file"),
]
