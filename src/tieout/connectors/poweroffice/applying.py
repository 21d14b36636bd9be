"""How an operator gets PowerOffice's keys, and what the e-mail says (contract 1, 3.4, 8.4)."""

from __future__ import annotations

from tieout.connectors.first_contact import Application, KeySetting, Letter
from tieout.connectors.poweroffice import attachments
from tieout.connectors.poweroffice.streams import ENDPOINTS

# The first of those that open a stream: contacts' persons are also opened by customers and suppliers. No stream needs the
# last one: voucher pages fetch attachments by it.
PRIVILEGES = tuple(dict.fromkeys((*(endpoint.privileges[0] for endpoint in ENDPOINTS), attachments.PRIVILEGE)))

NORWEGIAN = """Hei,

vi ønsker å koble vårt rapporterings- og avstemmingsverktøy (Tieout, egen installasjon) til PowerOffice Go API v2. \
Det leser bare; det skriver aldri til en klients regnskap.

Vi ber om:

1. Tilgang til demomiljøet nå, og til produksjon etter gjennomgangen deres.
2. En applikasjonsnøkkel for hvert miljø.
3. At disse adressene hvitlistes for onboarding:
   Demo: {trial}
   Produksjon: {production}
4. Disse rettighetene, kun for lesing (ingen som slutter på _Full):
{privileges}

Abonnementsnøklene henter vi selv i utviklerportalen. Integrasjonen holder seg under ti kall i sekundet for hele abonnementet \
og henter bare endringer.

Kontaktperson hos oss: {contact}

Vennlig hilsen
"""

ENGLISH = """Hello,

we would like to connect our reporting and reconciliation tool (Tieout, an installation of our own) to PowerOffice Go API v2. It \
only reads; it never writes to a client's books.

We ask for:

1. Access to the demo environment now, and to production after your review.
2. An application key for each environment.
3. These addresses to be white-listed for onboarding:
   Demo: {trial}
   Production: {production}
4. These privileges, for reading only (none that ends in _Full):
{privileges}

We fetch the subscription keys from the developer portal ourselves. The integration stays below ten requests a second \
for the whole subscription and asks for changes only.

Contact at our side: {contact}

Kind regards
"""

APPLICATION = Application(
    write_to="go-api@poweroffice.no",
    wait="Demo keys usually come within days. Production access is granted after a review of one to two weeks.",
    steps=(
        "Send the e-mail below to PowerOffice. They answer with an application key for each environment.",
        "Sign up in the developer portal (developer.poweroffice.net) and subscribe to the demo product; its profile page shows a primary and a secondary subscription key. After the review, do the same for production.",  # noqa: E501
        "Put the keys into the settings below and start the server again.",
        "Run the doctor: it says whether PowerOffice accepts the keys and the callback address.",
    ),
    privileges=PRIVILEGES,
    never="Ask for none that ends in _Full: those may also write, and Tieout never does.",
    settings=(
        KeySetting(
            name="TIEOUT_POWEROFFICE_URL",
            trial="https://goapi.poweroffice.net/Demo",
            production="https://goapi.poweroffice.net",
            comes="",
        ),
        KeySetting(
            name="TIEOUT_POWEROFFICE_APPLICATION_KEY", trial="", production="", comes="from PowerOffice’s e-mail"
        ),
        KeySetting(
            name="TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY",
            trial="",
            production="",
            comes="from the developer portal; primary, or primary and secondary with a comma between",
        ),
    ),
    letters=(
        Letter(language="nb", subject="Tilgang til PowerOffice Go API v2 for en leseintegrasjon", body=NORWEGIAN),
        Letter(language="en", subject="Access to PowerOffice Go API v2 for an integration that reads", body=ENGLISH),
    ),
    meanwhile=(
        "The simulator: run “tieout demo”, and everything but the real books can be tried, the approval included.",
        "Your own books: export a SAF-T file from PowerOffice Go and run “tieout demo --books FILE”.",
    ),
)
