"""The app's name in Django."""

from django.apps import AppConfig


class Groups(AppConfig):
    name = "tieout.portal.groups"
    label = "groups"
