"""The app's name in Django."""

from django.apps import AppConfig


class Proofs(AppConfig):
    name = "tieout.portal.proofs"
    label = "proofs"
