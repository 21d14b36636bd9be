"""The app's name in Django, and what it hears of second factors."""

from django.apps import AppConfig


class People(AppConfig):
    name = "tieout.portal.people"
    label = "people"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from tieout.portal.people.factors import end_sessions_without_factor

        authenticator_added.connect(end_sessions_without_factor, dispatch_uid="people")
