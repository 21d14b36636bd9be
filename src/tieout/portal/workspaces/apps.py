"""The app's name in Django."""

from django.apps import AppConfig


class Workspaces(AppConfig):
    name = "tieout.portal.workspaces"
    label = "workspaces"
