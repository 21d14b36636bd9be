"""Addresses of this app. A number that several vouchers have leads to the choice among them, unless `?id=` says which."""

from __future__ import annotations

from django.urls import path

from tieout.portal.vouchers import views

app_name = "vouchers"
urlpatterns = [
    path("sources/<uuid:source_id>/vouchers/", views.vouchers, name="vouchers"),
    path("sources/<uuid:source_id>/vouchers/<int:number>/", views.voucher, name="voucher"),
    path("sources/<uuid:source_id>/vouchers/<int:number>/attachments/<str:kind>", views.attachment, name="attachment"),
]
