"""The app's name in Django."""

from django.apps import AppConfig


class Removals(AppConfig):
    name = "tieout.portal.removals"
    label = "removals"
