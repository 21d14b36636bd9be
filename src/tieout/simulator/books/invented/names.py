"""Names that are plainly invented: firms composed of place, trade and form; persons called Test."""

from __future__ import annotations

from random import Random

from tieout.simulator.books.model import Address

PLACES = (
    ("0150", "Oslo"), ("5003", "Bergen"), ("7010", "Trondheim"), ("4006", "Stavanger"), ("9008", "Tromsø"), ("6002", "Ålesund"),
    ("8006", "Bodø"), ("3015", "Drammen"), ("4611", "Kristiansand"), ("2815", "Gjøvik"), ("6884", "Øvre Årdal"),
    ("9712", "Lakselv"), ("3111", "Tønsberg"), ("2609", "Lillehammer"), ("5700", "Voss"), ("4836", "Arendal"),
)  # fmt: skip
_BUYERS = (
    "Eiendom", "Bygg og Anlegg", "Kafé", "Tannklinikk", "Arkitektkontor", "Båtforening", "Idrettslag", "Hotell", "Trevare",
    "Regnskapshus", "Sjømat", "Transport", "Skole", "Bokhandel", "Elektro", "Gårdsmat", "Veterinær", "Mekaniske Verksted",
)  # fmt: skip
_SELLERS = (
    "Engros", "Rekvisita", "Kraft", "Bilutleie", "Grossistlager", "Trykkeri", "Renhold", "Vakttjeneste", "Telefoni", "Datasenter",
    "Emballasje", "Verktøyutleie", "Forsikring", "Blomster", "Møbler", "Papir og Kontor", "Bakervarer", "Sveis og Rør",
)  # fmt: skip
_FORMS = ("AS", "AS", "AS", "AS", "ENK", "ANS", "SA", "ASA")
_STREETS = (
    "Storgata",
    "Kirkegata",
    "Skippergata",
    "Øvre Torggate",
    "Åsveien",
    "Fjordgata",
    "Industriveien",
    "Bjørkeveien",
    "Sjøgata",
)
_ABROAD = {
    "EUR": (("Nordwind Handelsbeispiel GmbH", "DE", "20095", "Hamburg"), ("Exemple Fournitures SARL", "FR", "69002", "Lyon")),
    "SEK": (("Exempelbolaget i Göteborg AB", "SE", "41103", "Göteborg"), ("Provgrossisten AB", "SE", "11120", "Stockholm")),
    "USD": (("Sample Cloud Hosting Inc.", "US", "10001", "New York"), ("Placeholder Software LLC", "US", "60601", "Chicago")),
}  # fmt: skip


def buyer(rng: Random) -> str:
    """A customer's name, now and then a very long one."""
    name = f"{rng.choice(PLACES)[1]} {rng.choice(_BUYERS)} {rng.choice(_FORMS)}"
    return f"Stiftelsen til fremme av øvelse og prøve ved {name}, avdeling for innkjøp" if rng.random() < 0.02 else name


def seller(rng: Random) -> str:
    return f"{rng.choice(PLACES)[1]} {rng.choice(_SELLERS)} {rng.choice(_FORMS)}"


def seller_abroad(rng: Random, currency: str) -> tuple[str, Address]:
    """Name and address of a supplier who invoices in EUR, SEK or USD."""
    name, country, zip_code, city = rng.choice(_ABROAD[currency])
    return name, Address(line1=f"Example Street {rng.randrange(1, 99)}", zip_code=zip_code, city=city, country=country)


def address(rng: Random) -> Address:
    zip_code, city = rng.choice(PLACES)
    second = rng.choice((None, None, None, "Oppgang B", "c/o Test"))
    return Address(line1=f"{rng.choice(_STREETS)} {rng.randrange(1, 120)}", line2=second, zip_code=zip_code, city=city)


def person(kind: str, number: int) -> tuple[str, str]:
    """First and last name of a person who plainly does not exist: Test, Ansatt 7."""
    return "Test", f"{kind} {number}"


def email(*parts: object) -> str:
    """An address at example.com, from words and numbers: nobody can ever receive it."""
    plain = "-".join(str(part) for part in parts).lower().translate(str.maketrans("æøå ", "eoa-"))
    return f"{''.join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign == '-'))}@example.com"


def phone(number: int) -> str:
    """Eight digits that begin with 000, which no Norwegian subscriber has."""
    return f"000{number % 100_000:05d}"
