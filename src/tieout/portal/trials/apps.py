"""The app's name in Django."""

from django.apps import AppConfig


class Trials(AppConfig):
    name = "tieout.portal.trials"
    label = "trials"
