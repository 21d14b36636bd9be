"""The app's name in Django."""

from django.apps import AppConfig


class PersonalData(AppConfig):
    name = "tieout.portal.personal"
    label = "personal"
