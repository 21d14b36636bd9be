"""The app's name in Django."""

from django.apps import AppConfig


class Installation(AppConfig):
    name = "tieout.portal.installation"
    label = "installation"
