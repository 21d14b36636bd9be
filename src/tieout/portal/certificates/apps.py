"""The app's name in Django."""

from django.apps import AppConfig


class Certificates(AppConfig):
    name = "tieout.portal.certificates"
    label = "certificates"
