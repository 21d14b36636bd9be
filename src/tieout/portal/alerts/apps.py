"""The app's name in Django, and its jobs."""

from django.apps import AppConfig


class Alerts(AppConfig):
    name = "tieout.portal.alerts"
    label = "alerts"

    def ready(self) -> None:
        """Make its tasks known to the jobs."""
        from tieout.portal.alerts import tasks  # noqa: F401 - registers them
