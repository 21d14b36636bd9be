"""The app's name in Django."""

from django.apps import AppConfig


class People(AppConfig):
    name = "tieout.portal.people"
    label = "people"
