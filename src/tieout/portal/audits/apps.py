"""The app's name in Django, and what it hears of signing in."""

from django.apps import AppConfig


class Audits(AppConfig):
    name = "tieout.portal.audits"
    label = "audits"

    def ready(self) -> None:
        from tieout.portal.audits import signing

        signing.listen()
