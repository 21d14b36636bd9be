"""The app's name in Django, and its jobs."""

from django.apps import AppConfig


class Webhooks(AppConfig):
    name = "tieout.portal.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Make its tasks known to the jobs."""
        from tieout.portal.webhooks import tasks  # noqa: F401 - registers them
