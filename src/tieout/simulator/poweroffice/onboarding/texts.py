"""Words of the approval's pages in the two languages."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH = {
    "simulator": "Simulator. Not PowerOffice: nothing that you do here reaches it.",
    "sign_in": "Sign in",
    "sign_in_lead": "Sign in to PowerOffice Go to let a program read from a company that you administer.",
    "email": "E-mail",
    "password": "Password",
    "wrong": "E-mail or password is wrong.",
    "choose": "Choose company",
    "choose_lead": "The program gets access to the companies that you tick. You administer these:",
    "none_chosen": "Tick at least one company.",
    "continue": "Continue",
    "approve": "Approve",
    "approve_title": "Approve access?",
    "approve_lead": "The integration Tieout asks to read from:",
    "may": "It may",
    "may_read": "read the general ledger, customers, suppliers, invoices, orders, projects, products and settings",
    "may_not": "It may not change anything.",
    "end": "You can end the access at any time under Settings and Extensions.",
    "cancel": "Cancel",
    "signed_in_as": "Signed in as",
    "expired": "This address is no longer valid",
    "expired_lead": "Go back to where you came from and begin again.",
    "organisation_number": "Org. no.",
    "people": "Test people",
    "people_lead": "All have the password",
    "administers": "companies as administrator",
}
NORWEGIAN = {
    "simulator": "Simulator. Ikke PowerOffice: ingenting du gjør her, når fram dit.",
    "sign_in": "Logg inn",
    "sign_in_lead": "Logg inn i PowerOffice Go for å la et program lese fra et firma du administrerer.",
    "email": "E-post",
    "password": "Passord",
    "wrong": "E-post eller passord er feil.",
    "choose": "Velg firma",
    "choose_lead": "Programmet får tilgang til firmaene du krysser av. Du administrerer disse:",
    "none_chosen": "Kryss av for minst ett firma.",
    "continue": "Fortsett",
    "approve": "Godkjenn",
    "approve_title": "Godkjenne tilgang?",
    "approve_lead": "Integrasjonen Tieout ber om å få lese fra:",
    "may": "Den kan",
    "may_read": "lese hovedbok, kunder, leverandører, fakturaer, ordrer, prosjekter, produkter og innstillinger",
    "may_not": "Den kan ikke endre noe.",
    "end": "Du kan avslutte tilgangen når som helst under Innstillinger og Utvidelser.",
    "cancel": "Avbryt",
    "signed_in_as": "Logget inn som",
    "expired": "Adressen er ikke lenger gyldig",
    "expired_lead": "Gå tilbake dit du kom fra, og begynn på nytt.",
    "organisation_number": "Org.nr.",
    "people": "Testpersoner",
    "people_lead": "Alle har passordet",
    "administers": "firmaer som administrator",
}


def text_in(accept_language: str) -> tuple[str, Mapping[str, str]]:
    """The language's code and words: Norwegian for whoever asks for it first, else English."""
    first = accept_language.split(",")[0].strip().lower()[:2]
    return ("nb", NORWEGIAN) if first in ("nb", "no", "nn") else ("en", ENGLISH)
