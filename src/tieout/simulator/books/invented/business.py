"""What kind of company is invented: its size, its registers, and how much happens in a month."""

from __future__ import annotations

from dataclasses import dataclass

# Factors of a month's trade, January to December.
_CONSULTING_YEAR = (1, 1, 1.1, 0.9, 1, 1.1, 0.35, 0.9, 1.1, 1.1, 1.1, 0.9)
_CAFE_YEAR = (0.7, 0.75, 0.85, 0.95, 1.1, 1.2, 1.25, 1.1, 1, 1, 1.05, 1.4)
_CRAFT_YEAR = (0.8, 0.85, 1, 1, 1.1, 1.1, 0.5, 1, 1.15, 1.15, 1.1, 0.8)
SHOP_YEAR = (1.2, 0.8, 0.9, 0.9, 1, 1, 0.9, 1, 1, 1.05, 1.5, 1.9)


@dataclass(frozen=True, slots=True)
class Ware:
    """Something a company sells. Money in øre, before VAT; `account` None: the group's."""

    code: str
    name: str
    group: str
    price: int
    cost: int
    unit: str = "EA"
    account: int | None = None
    in_stock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """Counts are for a month of ordinary trade unless said otherwise."""

    key: str
    name: str
    months: int  # of history before the first day
    crosses_year_end_early: bool = False  # a short history gets a fiscal year that ends inside it
    employees: int
    hourly: bool = False
    departments: tuple[str, ...]
    customers: int
    consumers: int  # of those
    suppliers: int
    projects: int
    wares: tuple[Ware, ...]
    groups: tuple[tuple[str, str, int], ...]  # code, name, sales account
    hour_invoices: float = 0  # the last two working days
    goods_invoices: float = 0
    export_invoices: float = 0
    imported_invoices: float = 0
    cash_departments: int = 0  # that have a cash register: a voucher each day
    web_orders: tuple[int, int] | None = None  # fewest and most orders on the day's settlement voucher
    supplier_invoices: float
    foreign_invoices: float = 1
    expenses: float = 2
    season: tuple[float, ...]
    material_account: int = 4300
    largest_voucher: int = 0  # lines
    posting_round: int = 9  # days between two corrections of a kind (changes.py)
    posting_offset: int = 0
    contracts: float = 0  # at a fixed price, with an advance invoice and a final one
    rents: bool = False  # every customer is a tenant
    euro_loan: int = 0  # euro, taken up in the first month
    imports: float = 0  # shipments with freight, duty and a customs declaration of their own
    dues: bool = False  # every customer is a member and pays once a year
    grants: int = 0  # kroner, twice a year, for a project each
    is_vat_registered: bool = True
    pays_tax: bool = True
    opening: tuple[tuple[int, int], ...] = ()  # further opening balances: account, whole kroner
    closed_mondays: bool = False
    closing_days: int = 80  # from the end of a fiscal year to its closing


def _shop_wares() -> tuple[Ware, ...]:
    things = (
        "Ullgenser",
        "Regnjakke",
        "Turstøvel",
        "Ryggsekk",
        "Sovepose",
        "Telt",
        "Kokesett",
        "Hodelykt",
        "Fjellski",
        "Truger",
    )
    kinds = ("barn", "dame", "herre", "lett", "vinter", "Ærfugl", "Ørn", "Åsgard")
    wares = []
    for number in range(len(things) * len(kinds)):
        price = 19_900 + (number * 7919) % 280_000 // 100 * 100
        name = f"{things[number % len(things)]} {kinds[number // len(things)]}"
        group = ("TØY", "SKO OG SEKK", "TUR")[number % 3]
        wares.append(
            Ware(
                f"{number:04d}",
                name,
                group,
                price,
                price * 55 // 100,
                in_stock=True,
                account=3000 if number % 4 == 0 else None,
            )
        )
    return tuple(wares)


SHOP_WARES = _shop_wares()
CONSULTING_WARES = (
    Ware("K-01", "Konsulenttime", "TIMER", 145_000, 70_000, "HUR"),
    Ware("K-02", "Seniorrådgiver, time", "TIMER", 178_000, 90_000, "HUR"),
    Ware("K-03", "Kurs, en dag", "KURS", 2_400_000, 900_000, "DAY", 3020),
    Ware("L 01", "Lisens, måned", "KURS", 99_000, 30_000, "MON"),
)

TINY = Business(
    key="tiny",
    name="Lita Prøve AS",
    months=3,
    crosses_year_end_early=True,
    closing_days=45,
    employees=2,
    departments=("Butikk", "Verksted"),
    customers=8,
    consumers=3,
    suppliers=5,
    projects=2,
    wares=(
        Ware("001", "Vedlikehold, time", "TIMER", 95_000, 45_000, "HUR"),
        Ware("002", "Reservedel", "VARER", 24_900, 12_000, in_stock=True),
        Ware("Ø 3", 'Pakke med "alt"', "VARER", 199_900, 90_000, "SET", 3000),
    ),
    groups=(("TIMER", "Timer", 3020), ("VARER", "Varer", 3000)),
    hour_invoices=3,
    goods_invoices=5,
    export_invoices=0.5,
    imported_invoices=1,
    supplier_invoices=5,
    foreign_invoices=2,
    expenses=1.5,
    season=(1.0,) * 12,
)

CONSULTANCY = Business(
    key="consultancy",
    name="Fjordblikk Rådgivning AS",
    months=18,
    employees=6,
    departments=("Rådgivning", "Salg", "Administrasjon"),
    customers=45,
    consumers=0,
    suppliers=25,
    projects=14,
    wares=CONSULTING_WARES,
    groups=(("TIMER", "Timer", 3020), ("KURS", "Kurs og lisenser", 3020)),
    hour_invoices=10,
    goods_invoices=2,
    export_invoices=1,
    imported_invoices=1,
    supplier_invoices=7,
    foreign_invoices=1.5,
    expenses=3,
    posting_round=27,
    season=_CONSULTING_YEAR,
    material_account=4500,
)

CAFE = Business(
    key="cafe",
    name="Kafé Måken Ålesund AS",
    months=18,
    employees=4,
    hourly=True,
    departments=("Kjøkken", "Servering"),
    customers=12,
    consumers=4,
    suppliers=16,
    projects=2,
    wares=(
        Ware("001", "Kaffe", "DRIKKE", 3_900, 800, account=3000),
        Ware("002", "Skillingsbolle", "MAT", 4_200, 1_300),
        Ware("003", "Fiskesuppe", "MAT", 18_900, 6_200),
        Ware("CAT", "Servering, selskap", "MAT", 39_000, 15_000, account=3000),
    ),
    groups=(("DRIKKE", "Drikke", 3000), ("MAT", "Mat", 3010)),
    goods_invoices=2,
    imported_invoices=0.5,
    cash_departments=1,
    supplier_invoices=7,
    foreign_invoices=0.7,
    expenses=1,
    posting_round=27,
    posting_offset=9,
    closed_mondays=True,
    season=_CAFE_YEAR,
    material_account=4310,
)

PLUMBER = Business(
    key="plumber",
    name="Rør og Bølge Bodø AS",
    months=18,
    employees=5,
    departments=("Service", "Anlegg"),
    customers=60,
    consumers=30,
    suppliers=20,
    projects=10,
    wares=(
        Ware("T1", "Rørleggertime", "TIMER", 89_000, 42_000, "HUR"),
        Ware("T2", "Lærling, time", "TIMER", 56_000, 27_000, "HUR"),
        Ware("B 200", "Varmtvannsbereder 200 l", "VARER", 899_000, 610_000, in_stock=True),
        Ware("0815", "Blandebatteri", "VARER", 189_000, 120_000, in_stock=True),
        Ware("CU15", "Kobberrør 15 mm", "VARER", 12_900, 7_100, "MTR", in_stock=True),
        Ware("SKRAP", "Kobberskrap", "SKRAP", 6_000, 0, "KGM"),
    ),
    groups=(("TIMER", "Timer", 3020), ("VARER", "Varer", 3000), ("SKRAP", "Skrap, omvendt avgiftsplikt", 3110)),
    hour_invoices=0,
    goods_invoices=11,
    contracts=2,
    imported_invoices=1,
    supplier_invoices=7,
    foreign_invoices=0.7,
    expenses=1.5,
    posting_round=27,
    posting_offset=18,
    season=_CRAFT_YEAR,
    material_account=4000,
)

REALISTIC = Business(
    key="realistic",
    name="Nordkant Friluft og Prosjekt AS",
    months=24,
    employees=45,
    departments=("Butikk", "Nettbutikk", "Prosjekt", "Lager", "Salg", "Administrasjon"),
    customers=420,
    consumers=160,
    suppliers=120,
    projects=60,
    wares=(*CONSULTING_WARES, *SHOP_WARES),
    groups=(
        ("TIMER", "Timer", 3020),
        ("KURS", "Kurs og lisenser", 3020),
        ("TØY", "Klær", 3000),
        ("SKO OG SEKK", "Sko og sekker", 3000),
        ("TUR", "Turutstyr", 3000),
    ),
    hour_invoices=64,
    goods_invoices=104,
    export_invoices=8,
    imported_invoices=4,
    cash_departments=2,
    web_orders=(6, 31),
    supplier_invoices=155,
    foreign_invoices=20,
    expenses=45,
    season=SHOP_YEAR,
    largest_voucher=809,
)  # fmt: skip
