"""Who buys, where, and what: the synthetic regions, buyers and products that orders are made of.

Nobody here exists. Buyers are numbered, their addresses are ``buyerNNN@example.com`` and streets are called after what
they are for; some carry names with umlauts, other scripts, apostrophes or none at all, because real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from aias.simulators.order import Address, Customer, Product

__all__ = ["CATALOGUE", "GIFT", "REGIONS", "SHOP_CURRENCY", "Region", "address", "customer"]

SHOP_CURRENCY = "USD"
"""The currency of the shop itself; buyers pay in that of their region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where a buyer lives: currency, exchange rate from the shop's, and the taxes of the place."""

    key: str
    country: str
    country_code: str
    province: str | None
    province_code: str | None
    city: str
    zip: str
    locale: str
    currency: str
    rate: Decimal
    taxes: tuple[tuple[str, Decimal], ...]
    reduced_taxes: tuple[tuple[str, Decimal], ...] = ()
    taxes_included: bool = False


def _taxes(*pairs: tuple[str, str]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((title, Decimal(rate)) for title, rate in pairs)


REGIONS: dict[str, Region] = {
    region.key: region
    for region in (
        Region(
            key="us",
            country="United States",
            country_code="US",
            province="California",
            province_code="CA",
            city="Sampleville",
            zip="90000",
            locale="en-US",
            currency="USD",
            rate=Decimal(1),
            taxes=_taxes(("California State Tax", "0.0725")),
        ),
        Region(
            key="us-two",
            country="United States",
            country_code="US",
            province="New York",
            province_code="NY",
            city="Testburgh",
            zip="10000",
            locale="en-US",
            currency="USD",
            rate=Decimal(1),
            taxes=_taxes(("New York State Tax", "0.04"), ("City Tax", "0.045"), ("MTA Surcharge", "0.00375")),
        ),
        Region(
            key="quebec",
            country="Canada",
            country_code="CA",
            province="Quebec",
            province_code="QC",
            city="Ville-Essai",
            zip="H0H 0H0",
            locale="fr-CA",
            currency="CAD",
            rate=Decimal("1.3725"),
            taxes=_taxes(("GST", "0.05"), ("QST", "0.09975")),
        ),
        Region(
            key="germany",
            country="Germany",
            country_code="DE",
            province=None,
            province_code=None,
            city="Prüfstadt",
            zip="01234",
            locale="de",
            currency="EUR",
            rate=Decimal("0.9213"),
            taxes=_taxes(("MwSt", "0.19")),
            reduced_taxes=_taxes(("MwSt", "0.07")),
            taxes_included=True,
        ),
        Region(
            key="britain",
            country="United Kingdom",
            country_code="GB",
            province="England",
            province_code="ENG",
            city="Testing-on-Sea",
            zip="ZZ1 1ZZ",
            locale="en-GB",
            currency="GBP",
            rate=Decimal("0.7884"),
            taxes=_taxes(("GB VAT", "0.2")),
            reduced_taxes=_taxes(("GB VAT", "0.05")),
            taxes_included=True,
        ),
        Region(
            key="japan",
            country="Japan",
            country_code="JP",
            province="Tōkyō",
            province_code="JP-13",
            city="試験区",
            zip="100-0000",
            locale="ja",
            currency="JPY",
            rate=Decimal("150.25"),
            taxes=_taxes(("消費税", "0.1")),
            reduced_taxes=_taxes(("消費税", "0.08")),
            taxes_included=True,
        ),
        Region(
            key="kuwait",
            country="Kuwait",
            country_code="KW",
            province="Al Asimah",
            province_code="KW-KU",
            city="مدينة الاختبار",
            zip="00000",
            locale="ar",
            currency="KWD",
            rate=Decimal("0.30714"),
            taxes=(),
        ),
        Region(
            key="bahrain",
            country="Bahrain",
            country_code="BH",
            province=None,
            province_code=None,
            city="Manama",
            zip="000",
            locale="ar",
            currency="BHD",
            rate=Decimal("0.376"),
            taxes=_taxes(("VAT", "0.1")),
        ),
        Region(
            key="korea",
            country="South Korea",
            country_code="KR",
            province="Seoul",
            province_code="KR-11",
            city="시험시",
            zip="00000",
            locale="ko",
            currency="KRW",
            rate=Decimal("1368.4"),
            taxes=_taxes(("부가가치세", "0.1")),
            taxes_included=True,
        ),
        Region(
            key="india",
            country="India",
            country_code="IN",
            province="Karnataka",
            province_code="KA",
            city="Pariksha Nagar",
            zip="560000",
            locale="en-IN",
            currency="INR",
            rate=Decimal("83.415"),
            taxes=_taxes(("CGST", "0.09"), ("SGST", "0.09")),
            reduced_taxes=_taxes(("CGST", "0.025"), ("SGST", "0.025")),
        ),
    )
}

# First and last names of some buyers; all others are called "Buyer NNN".
_NAMES: dict[int, tuple[str | None, str | None]] = {
    5: ("株式会社", "テスト"),
    6: ("Zoë", "Ünïcode Test"),
    7: ("Hélène-Façade", "Essai-L'Épreuve"),
    8: ("Łukasz", "Próbny"),
    9: ("O'Test", 'Quo"ted <b>&amp;'),
    11: (None, None),
    12: ("مشتري", "تجريبي"),
    13: ("🧪", "Emoji"),
    14: ("테스트", "구매자"),
    15: ("  Spaces ", "Around  "),
    16: (None, "Onlylastname"),
    18: ("Ω" * 60, "Langer-Name-" + "x" * 120),
}
_WITHOUT_EMAIL = frozenset({11, 27, 41})


def address(number: int, region: Region) -> Address:
    """The address of buyer ``number`` in this region."""
    first, last = _NAMES.get(number, ("Buyer", f"{number:03d}"))
    return Address(
        id=9_000_000_001 + number,
        first_name=first,
        last_name=last,
        company="株式会社テスト" if number % 10 == 5 else None,  # noqa: PLR2004 - the digit 5
        address1=f"{number + 1} Test Street",
        address2="Unit 2b" if number % 3 == 0 else None,
        city=region.city,
        province=region.province,
        province_code=region.province_code,
        country=region.country,
        country_code=region.country_code,
        zip=region.zip,
        phone=f"+1555010{number % 10000:04d}",
    )


def customer(number: int, region: Region) -> Customer:
    """Buyer ``number``: always the same one, whichever order asks."""
    home = address(number, region)
    return Customer(
        id=7_000_000_001 + number,
        first_name=home.first_name,
        last_name=home.last_name,
        email=None if number in _WITHOUT_EMAIL else f"buyer{number:03d}@example.com",
        phone=home.phone if number % 2 or number in _WITHOUT_EMAIL else None,
        locale=region.locale,
        tags=("wholesale",) if number % 9 == 4 else (),  # noqa: PLR2004 - some of them
        created_at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC) + timedelta(hours=7 * number),
        default_address=home,
    )


def _product(number: int, title: str, price: str, variant: str | None = None, *, sku: bool = True) -> Product:
    return Product(
        id=8_000_000_001 + number,
        variant_id=8_100_000_001 + number,
        title=title,
        variant_title=variant,
        sku=f"TEST-{number:03d}" if sku else None,
        vendor="Simulated Goods",
        product_type="Fixture",
        price=Decimal(price),
        requires_shipping=not title.startswith("Digital"),
    )


CATALOGUE: tuple[Product, ...] = (
    _product(0, "Test Mug", "12.50", "Blue"),
    _product(1, "Sample Poster", "19.99"),
    _product(2, "Trial Notebook", "7.25", "A5 / dotted"),
    _product(3, "Fixture Lamp", "89.00"),
    _product(4, "Dummy Cable", "3.33"),
    _product(5, "Größentabelle für Übergrößen", "24.90", "Weiß / 42½"),
    _product(6, "抹茶セット (お試し)", "31.47"),
    _product(7, 'Frame 18" <b>bold</b> & more', "45.10"),
    _product(8, "Penny Sticker", "0.01"),
    _product(9, "Odd Cent Pencil", "0.37"),
    _product(10, "Expensive Fixture", "1999.99", "Gold"),
    _product(11, "Digital Test Pattern", "5.00", sku=False),
    _product(12, "Caffè d'assaggio ☕", "9.95", "250 g"),
    _product(13, "Long name " + "x" * 200, "14.14"),
    _product(14, "Kilo of Screws", "6.66", sku=False),
    _product(15, "Round Figure", "100.00"),
)

GIFT = _product(16, "Free Sample", "0.00")
"""The product of a line that costs nothing."""
