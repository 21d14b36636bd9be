"""The app's name in Django."""

from django.apps import AppConfig


class Stamps(AppConfig):
    name = "tieout.portal.stamps"
    label = "stamps"
