"""The app's name in Django."""

from django.apps import AppConfig


class Witnesses(AppConfig):
    name = "tieout.portal.witnesses"
    label = "witnesses"
