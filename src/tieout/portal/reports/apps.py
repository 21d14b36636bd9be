"""The app's name in Django."""

from django.apps import AppConfig


class Reports(AppConfig):
    name = "tieout.portal.reports"
    label = "reports"
