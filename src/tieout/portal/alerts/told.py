"""An incident in words, in the language and time zone that hold where it is shown: a page, an e-mail, a chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tieout.portal.alerts.models import Incident
from tieout.portal.alerts.wording import STAND, WORDINGS, Wording
from tieout.portal.letters import address
from tieout.portal.templatetags.figures import count
from tieout.portal.templatetags.marks import clock, exact

FIGURES = ("differing", "compared", "rows", "companies", "waiting", "percent", "vouchers")


class Told:
    """One incident for a template. Each text is made when it is asked for: language and zone are those of then."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        self._wording: Wording = WORDINGS[incident.kind]

    @property
    def subject(self) -> str:
        """Company, fact, since when; once it is over, that."""
        return self.ended_subject if self.is_over else self._say(self._wording.subject)

    @property
    def ended_subject(self) -> str:
        since, until = exact(self.incident.since), exact(self.incident.closed_at)
        over = _("it lasted from %(since)s to %(until)s") % {"since": since, "until": until}
        return f"{self._say(self._wording.ended)} – {over}"

    @property
    def title(self) -> str:
        """What it was, over or not."""
        return self._say(self._wording.subject)

    @property
    def is_over(self) -> bool:
        """Whether it began and ended; news never do."""
        return bool(self.incident.closed_at and self._wording.ended)

    @property
    def means(self) -> str:
        return self._say(self._wording.now if self.is_over else self._wording.means)

    @property
    def who(self) -> str:
        return "" if self.is_over else self._say(self._wording.who)

    @property
    def button(self) -> str:
        """What is to be done; once it is over there is nothing but a look."""
        return _("See the data source") if self.is_over and self.incident.source_id else str(self._wording.button)

    @property
    def path(self) -> str:
        """Where the button leads, within this installation."""
        if self.is_over and self.incident.source_id:
            return reverse("syncs:overview", args=[self.incident.source_id])
        if self._wording.page.startswith(("syncs:", "stamps:", "approvals:access")):
            return reverse(self._wording.page, args=[self.incident.source_id])
        return reverse(self._wording.page)

    @property
    def url(self) -> str:
        """The same as an absolute address, for e-mails and chats."""
        return address(self.path)

    @property
    def detail(self) -> str:
        """What the system or the mail server said, in its own words."""
        return str(self.incident.facts.get("told") or "")

    @property
    def about(self) -> str:
        """Whose it is: a company, or a webhook's name."""
        return str(self.incident.facts.get("company") or self.incident.facts.get("name") or "")

    def _say(self, sentence: Any) -> str:
        return str(sentence) % _facts(self.incident)


def _facts(incident: Incident) -> Mapping[str, str]:
    facts = {name: str(value) for name, value in incident.facts.items()}
    figures = {name: count(incident.facts.get(name) or 0) for name in FIGURES}
    return (
        {"company": "", "system": "", "name": ""}
        | facts
        | figures
        | {
            "since": exact(incident.since),
            "stand": _stand(facts.get("stand_at", ""), incident.since),
            "stand_still": str(STAND),
        }
    )


def _stand(at: str, since: datetime) -> str:
    """How old the figures are: "numbers stand at 09:00" where that was the day on which it began, else with the day."""
    if not at:
        return _("no numbers yet")
    moment = datetime.fromisoformat(at)
    is_same_day = timezone.localtime(moment).date() == timezone.localtime(since).date()
    return _("numbers stand at %(at)s") % {"at": clock(moment) if is_same_day else exact(moment)}
