"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.proofs import views as proofs
from tieout.portal.syncs import views

app_name = "syncs"
urlpatterns = [
    path("sources/<uuid:source_id>/", views.overview, name="overview"),
    path("sources/<uuid:source_id>/live/", views.live, name="live"),
    path("sources/<uuid:source_id>/streams/", views.streams, name="streams"),
    path("sources/<uuid:source_id>/history/", views.history, name="history"),
    path("sources/<uuid:source_id>/history/<int:sync_id>/", views.sync, name="sync"),
    path("sources/<uuid:source_id>/history/<int:sync_id>/log.jsonl", views.log, name="log"),
    path("sources/<uuid:source_id>/proof/", proofs.proof, name="proof"),
    path("sources/<uuid:source_id>/proof/checking/", views.checking, name="checking"),
    path("sources/<uuid:source_id>/proof/differences.csv", views.differences, name="differences"),
    path("sources/<uuid:source_id>/sync-now/", views.sync_now, name="sync_now"),
    path("sources/<uuid:source_id>/cancel/", views.cancel, name="cancel"),
    path("sources/<uuid:source_id>/check-now/", views.check_now, name="check_now"),
]
