"""The app's name in Django, and its job."""

from django.apps import AppConfig


class Partners(AppConfig):
    name = "tieout.portal.partners"
    label = "partners"

    def ready(self) -> None:
        from tieout.portal.partners import tasks  # noqa: F401 - registers it
