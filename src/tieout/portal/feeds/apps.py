"""The app's name in Django."""

from django.apps import AppConfig


class Feeds(AppConfig):
    name = "tieout.portal.feeds"
    label = "feeds"
