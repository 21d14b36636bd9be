"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from tieout.portal.planning import views

app_name = "planning"
urlpatterns = [
    path("report-lines/", views.layouts, name="layouts"),
    path("report-lines/norwegian.xlsx", views.norwegian, name="norwegian"),
    path("report-lines/<uuid:layout_id>/", views.layout, name="layout"),
    path("report-lines/<uuid:layout_id>/lines.xlsx", views.lines, name="lines"),
    path("report-lines/<uuid:layout_id>/remove/", views.remove_layout, name="remove_layout"),
    path("budgets/", views.budgets, name="budgets"),
    path("budgets/<uuid:source_id>/budget-<int:year>.xlsx", views.budget_file, name="budget_file"),
    path("budgets/<uuid:source_id>/<int:year>/remove/", views.remove_budget, name="remove_budget"),
]
