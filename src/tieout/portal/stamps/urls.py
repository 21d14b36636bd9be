"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.stamps import views

app_name = "stamps"
urlpatterns = [
    path("sources/<uuid:source_id>/stamps/", views.stamps, name="stamps"),
    path("sources/<uuid:source_id>/stamps/<uuid:stamp_id>/", views.stamp, name="stamp"),
    path("sources/<uuid:source_id>/stamps/<uuid:stamp_id>/accounts.csv", views.accounts_file, name="accounts"),
    path("sources/<uuid:source_id>/stamps/<uuid:stamp_id>/vouchers.csv", views.vouchers_file, name="vouchers"),
]
