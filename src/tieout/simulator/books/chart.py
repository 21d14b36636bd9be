"""The chart of accounts and the VAT codes of an invented company. Numbers are NS 4102's, names are our own."""

from __future__ import annotations

from datetime import date

from tieout.simulator.books.model import Account, Books, VatCode

# Account number, name, usual VAT code.
ACCOUNTS: tuple[tuple[int, str, str | None], ...] = (
    (1100, "Bygninger", None),
    (1200, "Maskiner og anlegg", "1"),
    (1250, "Inventar", "1"),
    (1280, "Kontormaskiner", "1"),
    (1460, "Varer for videresalg", None),
    (1500, "Kundefordringer", None),
    (1510, "Kundefordringer, privatkunder", None),
    (1530, "Opptjent, ikke fakturert", None),
    (1570, "Andre fordringer", None),
    (1580, "Avsetning for tap på fordringer", None),
    (1700, "Forskuddsbetalt kostnad", None),
    (1740, "Forskuddsbetalt leie", None),
    (1749, "Andre forskuddsbetalinger", None),
    (1900, "Kontanter", None),
    (1920, "Bankinnskudd", None),
    (1930, "Bankinnskudd, oppgjør", None),
    (1940, "Bankinnskudd i euro", None),
    (1950, "Skattetrekk i bank", None),
    (2000, "Aksjekapital", None),
    (2020, "Overkurs", None),
    (2050, "Annen egenkapital", None),
    (2220, "Lån i bank", None),
    (2240, "Pantelån", None),
    (2260, "Banklån i euro", None),
    (2400, "Leverandørgjeld", None),
    (2500, "Betalbar skatt", None),
    (2600, "Skattetrekk", None),
    (2690, "Andre trekk", None),
    (2700, "Utgående mva, høy sats", None),
    (2701, "Utgående mva, middels sats", None),
    (2702, "Utgående mva, råfisk", None),
    (2703, "Utgående mva, lav sats", None),
    (2704, "Utgående mva, tjenester fra utlandet", None),
    (2705, "Utgående mva, innførsel", None),
    (2706, "Utgående mva, innførsel, middels sats", None),
    (2709, "Utgående mva, tjenester fra utlandet, lav sats", None),
    (2710, "Inngående mva, høy sats", None),
    (2711, "Inngående mva, middels sats", None),
    (2712, "Inngående mva, råfisk", None),
    (2713, "Inngående mva, lav sats", None),
    (2714, "Inngående mva, tjenester fra utlandet", None),
    (2715, "Inngående mva, innførsel", None),
    (2716, "Inngående mva, innførsel, middels sats", None),
    (2718, "Inngående mva, tjenester fra utlandet, lav sats", None),
    (2740, "Oppgjørskonto mva", None),
    (2770, "Skyldig arbeidsgiveravgift", None),
    (2780, "Påløpt arbeidsgiveravgift av feriepenger", None),
    (2900, "Forskudd fra kunder", None),
    (2910, "Gjeld til ansatte", None),
    (2930, "Skyldig lønn", None),
    (2940, "Skyldige feriepenger", None),
    (2960, "Påløpte kostnader", None),
    (2980, "Tilskudd, ennå ikke brukt", None),
    (2990, "Annen kortsiktig gjeld", None),
    (3000, "Salg av varer, avgiftspliktig", "3"),
    (3010, "Salg av mat, middels sats", "31"),
    (3020, "Salg av tjenester, avgiftspliktig", "3"),
    (3100, "Salg, fritatt for mva", "5"),
    (3110, "Salg med omvendt avgiftsplikt", "51"),
    (3120, "Salg til utlandet", "52"),
    (3200, "Salg, unntatt mva", "6"),
    (3400, "Tilskudd", None),
    (3600, "Leieinntekter", "3"),
    (3620, "Leieinntekter, bolig", "6"),
    (3900, "Andre driftsinntekter", "3"),
    (3920, "Medlemskontingent", None),
    (3950, "Purregebyr", "6"),
    (4000, "Innkjøp av materialer", "1"),
    (4300, "Innkjøp av varer for videresalg", "1"),
    (4310, "Innkjøp av råvarer, mat", "11"),
    (4360, "Frakt og toll", "1"),
    (4380, "Grunnlag ved innførsel", None),
    (4381, "Motpost til grunnlag ved innførsel", None),
    (4390, "Beholdningsendring varer", None),
    (4500, "Underleverandører", "1"),
    (5000, "Lønn", None),
    (5010, "Timelønn", None),
    (5090, "Periodisering av lønn", None),
    (5180, "Feriepenger", None),
    (5182, "Arbeidsgiveravgift av feriepenger", None),
    (5400, "Arbeidsgiveravgift", None),
    (5800, "Refusjon av sykepenger", None),
    (5900, "Gaver til ansatte", None),
    (5945, "Pensjon", None),
    (5990, "Andre personalkostnader", "1"),
    (6000, "Avskrivning på maskiner", None),
    (6010, "Avskrivning på inventar", None),
    (6300, "Leie av lokaler", "1"),
    (6320, "Vann, avløp og renovasjon", "1"),
    (6340, "Lys og varme", "1"),
    (6390, "Andre kostnader ved lokaler", "1"),
    (6420, "Leie av datasystemer", "1"),
    (6540, "Inventar, kostnadsført", "1"),
    (6550, "Driftsmateriale", "1"),
    (6560, "Rekvisita", "1"),
    (6600, "Vedlikehold av bygninger", "1"),
    (6705, "Regnskapshonorar", "1"),
    (6790, "Andre fremmede tjenester", "1"),
    (6795, "Tjenester fra utlandet", "86"),
    (6800, "Kontorrekvisita", "1"),
    (6860, "Møter og kurs", "1"),
    (6900, "Telefon og nett", "1"),
    (6940, "Porto", "1"),
    (7020, "Drivstoff", "C1"),
    (7100, "Bilgodtgjørelse", None),
    (7140, "Reisekostnad", "13"),
    (7160, "Diett", None),
    (7320, "Reklame", "1"),
    (7350, "Representasjon", None),
    (7400, "Kontingenter", None),
    (7500, "Forsikring", None),
    (7740, "Øreavrunding", None),
    (7770, "Bank- og kortgebyr", None),
    (7780, "Gebyr for oppgjør", None),
    (7830, "Tap på fordringer", None),
    (8050, "Renteinntekter", None),
    (8060, "Valutagevinst", None),
    (8150, "Rentekostnader", None),
    (8160, "Valutatap", None),
    (8170, "Andre finanskostnader", None),
    (8300, "Skattekostnad", None),
    (8960, "Overført annen egenkapital", None),
)

# Code, name, rate in basis points, account, account of the deduction where a code books both sides.
VAT_CODES: tuple[tuple[str, str, int, int | None, int | None], ...] = (
    ("0", "Ingen mva-behandling", 0, None, None),
    ("1", "Inngående mva, høy sats", 2500, 2710, None),
    ("11", "Inngående mva, middels sats", 1500, 2711, None),
    ("12", "Inngående mva, råfisk", 1111, 2712, None),
    ("13", "Inngående mva, lav sats", 1200, 2713, None),
    ("14", "Innførsels-mva betalt, høy sats", 2500, 2715, None),
    ("15", "Innførsels-mva betalt, middels sats", 1500, 2716, None),
    ("20", "Kostnad ved innførsel, ingen mva-behandling", 0, None, None),
    ("21", "Kostnad ved innførsel, høy sats", 0, None, None),
    ("22", "Kostnad ved innførsel, middels sats", 0, None, None),
    ("3", "Utgående mva, høy sats", 2500, 2700, None),
    ("31", "Utgående mva, middels sats", 1500, 2701, None),
    ("32", "Utgående mva, råfisk", 1111, 2702, None),
    ("33", "Utgående mva, lav sats", 1200, 2703, None),
    ("5", "Fritatt innenlands omsetning", 0, None, None),
    ("51", "Innenlands omsetning med omvendt avgiftsplikt", 0, None, None),
    ("52", "Utførsel av varer og tjenester", 0, None, None),
    ("6", "Unntatt omsetning", 0, None, None),
    ("7", "Inntekt uten mva-behandling", 0, None, None),
    ("81", "Innførsel av varer med fradrag, høy sats", 2500, 2705, 2715),
    ("82", "Innførsel av varer uten fradrag, høy sats", 2500, 2705, None),
    ("83", "Innførsel av varer med fradrag, middels sats", 1500, 2706, 2716),
    ("84", "Innførsel av varer uten fradrag, middels sats", 1500, 2706, None),
    ("85", "Innførsel av varer, nullsats", 0, None, None),
    ("86", "Tjenester fra utlandet med fradrag, høy sats", 2500, 2704, 2714),
    ("87", "Tjenester fra utlandet uten fradrag, høy sats", 2500, 2704, None),
    ("88", "Tjenester fra utlandet med fradrag, lav sats", 1200, 2709, 2718),
    ("89", "Tjenester fra utlandet uten fradrag, lav sats", 1200, 2709, None),
)

NO_VAT = "0"
EURO_ACCOUNTS = (1940, 2260)  # bank and loan
DEDUCTION_ACCOUNTS = {code: deduction for code, _, _, _, deduction in VAT_CODES if deduction}
SELF_ASSESSED = frozenset({"81", "82", "83", "84", "86", "87", "88", "89"})  # the buyer owes the output VAT himself
VAT_ACCOUNTS = tuple(no for no, _, _ in ACCOUNTS if 2700 <= no <= 2719)


def account_type(no: int) -> str:
    """By the first digits of NS 4102; 80 is financial income, the rest of class 8 expense."""
    first = no // 1000
    if no // 100 == 20:
        return "Equity"
    if first == 8:
        return "Income" if no < 8100 else "Expense"
    return {1: "Asset", 2: "Liability", 3: "Income"}.get(first, "Expense")


def add_chart(books: Books) -> None:
    """Fill accounts and VAT codes, a custom and an expired code among them."""
    for code, name, rate, account_no, _ in VAT_CODES:
        _add_code(books, code, name, rate, account_no)
    halved = _add_code(books, "C1", "Inngående mva, halvt fradrag", 2500, 2710)
    halved.base_code, halved.basis_ratio = "1", 5000
    expired = _add_code(books, "C2", "Kultur, utgått kode", 1000, 2713)
    expired.base_code, expired.is_active = "13", False
    expired.valid_from, expired.valid_to = date(2016, 1, 1), date(2017, 12, 31)
    for no, name, usual_code in ACCOUNTS:
        books.accounts[no] = Account(
            id=books.new_id(),
            created=books.now,
            changed=books.now,
            no=no,
            name=name,
            type=account_type(no),
            vat_code=usual_code if books.profile.is_vat_registered else None,
            currency="EUR" if no in EURO_ACCOUNTS else None,
            is_active=no not in {2702, 2712},
            is_department_required=no == 6010,
        )


def _add_code(books: Books, code: str, name: str, rate: int, account_no: int | None) -> VatCode:
    books.vat_codes[code] = VatCode(
        id=books.new_id(),
        created=books.now,
        changed=books.now,
        code=code,
        name=name,
        rate=rate,
        account_no=account_no,
    )
    return books.vat_codes[code]
