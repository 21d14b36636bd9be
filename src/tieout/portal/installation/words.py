"""A finding and a vendor's letter as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy

from tieout.connectors.first_contact import Application, Finding, State

TONES = {
    State.WELL: "ok",
    State.NOTICE: "off",
    State.UNKNOWN: "off",
    State.WRONG: "bad",
    State.COMPANY: "warn",
    State.LATER: "warn",
}
WORDS: dict[State, Promise] = {
    State.WELL: pgettext_lazy("finding", "Well"),
    State.NOTICE: pgettext_lazy("finding", "Good to know"),
    State.UNKNOWN: pgettext_lazy("finding", "Not known"),
    State.WRONG: pgettext_lazy("finding", "To be mended here"),
    State.COMPANY: pgettext_lazy("finding", "The company must act"),
    State.LATER: pgettext_lazy("finding", "Try later"),
}
LANGUAGES = {"nb": "Norsk", "en": "English"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line of the doctor's page, in the person's language as far as there is a translation."""

    subject: str
    tone: str
    word: str
    found: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyLetter:
    """An e-mail with everything filled in."""

    language: str
    title: str
    subject: str
    body: str
    mailto: str


def shown(finding: Finding) -> Shown:
    """Whole sentences are translated before their facts are put in."""
    return Shown(
        subject=gettext(finding.subject),
        tone=TONES[finding.state],
        word=str(WORDS[finding.state]),
        found=gettext(finding.found).format(**finding.facts),
        advice=gettext(finding.advice).format(**finding.facts) if finding.advice else "",
    )


def letters_of(application: Application, *, trial: str, production: str) -> list[ReadyLetter]:
    """The vendor's letters, with this installation's addresses."""
    privileges = "\n".join(f"   - {name}" for name in application.privileges)
    facts = {
        "trial": trial,
        "production": production,
        "privileges": privileges,
        "contact": settings.TIEOUT.contact,
    }
    return [
        ReadyLetter(
            language=letter.language,
            title=LANGUAGES[letter.language],
            subject=letter.subject,
            body=(body := letter.body.format(**facts)),
            mailto=f"mailto:{application.write_to}?subject={quote(letter.subject)}&body={quote(body)}",
        )
        for letter in application.letters
    ]
