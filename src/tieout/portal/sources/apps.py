"""The app's name in Django."""

from django.apps import AppConfig


class Sources(AppConfig):
    name = "tieout.portal.sources"
    label = "sources"
