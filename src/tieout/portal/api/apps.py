"""The app's name in Django."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "tieout.portal.api"
    label = "api"
