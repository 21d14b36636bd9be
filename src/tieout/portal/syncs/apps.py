"""The app's name in Django."""

from django.apps import AppConfig


class Syncs(AppConfig):
    name = "tieout.portal.syncs"
    label = "syncs"
