"""The app's name in Django, and what it hears of second factors and of people who showed that it is still them."""

from django.apps import AppConfig


class People(AppConfig):
    name = "tieout.portal.people"
    label = "people"

    def ready(self) -> None:
        from allauth.account.signals import authentication_step_completed
        from allauth.mfa.signals import authenticator_added

        from tieout.portal.people.factors import end_sessions_without_factor
        from tieout.portal.people.sessions import renew_session

        authenticator_added.connect(end_sessions_without_factor, dispatch_uid="people")
        authentication_step_completed.connect(renew_session, dispatch_uid="people")
