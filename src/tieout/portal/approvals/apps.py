"""The app's name in Django."""

from django.apps import AppConfig


class Approvals(AppConfig):
    name = "tieout.portal.approvals"
    label = "approvals"
