"""The app's name in Django."""

from django.apps import AppConfig


class Planning(AppConfig):
    name = "tieout.portal.planning"
    label = "planning"
