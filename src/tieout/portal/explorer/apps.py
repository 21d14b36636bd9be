"""The app's name in Django."""

from django.apps import AppConfig


class Explorer(AppConfig):
    name = "tieout.portal.explorer"
    label = "explorer"
