"""The app's name in Django."""

from django.apps import AppConfig


class Saft(AppConfig):
    name = "tieout.portal.saft"
    label = "saft"
