"""The app's name in Django."""

from django.apps import AppConfig


class Usage(AppConfig):
    name = "tieout.portal.usage"
    label = "usage"
