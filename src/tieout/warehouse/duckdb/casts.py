"""From the text of a value, as the source wrote it, to a typed one: exact, or not at all.

DuckDB's JSON reader passes numbers through doubles: 9007199254740.9312 loses a digit, 1.7 becomes 2 in an integer. So
all values are read as text and cast here. Up to 15 digits that text is exact; longer numbers are put in quotation
marks before the reader sees them (`exact`).
"""

from __future__ import annotations

from tieout.catalog import Column, Kind

# A number of 15 digits or more, or one with an exponent, as a value of an object. An unescaped quotation mark can't
# stand inside a JSON string, so `name":` is always a key.
_LONG_NUMBER = r'[A-Za-z0-9_]":\s*-?([0-9.]{16,}|[0-9.]+[eE])'
_NUMBER_VALUE = r'([A-Za-z0-9_])":\s*(-?[0-9][0-9.eE+-]*)'
_AS_TEXT = r'\1":"\2"'
_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00(\.0+)?)?(Z|[-+]00:?00)?)?"
_TIMESTAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[-+][0-9]{2}(:?[0-9]{2})?)?"
# The noise of binary floats in amounts, such as 1234.5600000000001.
_NOISE = "0.000000001"

WHY = {
    Kind.TEXT: "a value is not text",
    Kind.INTEGER: "a value is not a whole number of 64 bits",
    Kind.BOOLEAN: "a value is neither true nor false",
    Kind.MONEY: "an amount has more than four decimals or fourteen digits before them",
    Kind.NUMBER: "a number has more than eighteen digits before its decimals",
    Kind.DATE: "a value is not a date",
    Kind.TIMESTAMP: "a value is not a time",
    Kind.UUID: "a value is not a UUID",
    Kind.JSON: "a value is not JSON",
}


def exact(record: str) -> str:
    """The record's JSON with numbers as texts, where a double would lose digits of one of them."""
    quoted = f"regexp_replace({record}, '{_NUMBER_VALUE}', '{_AS_TEXT}', 'g')"
    return f"case when regexp_matches({record}, '{_LONG_NUMBER}') then {quoted} else {record} end"


def typed(column: Column, text: str) -> str:
    """SQL that gives the typed value of `text`, null where it does not fit.

    Money must be within 1e-9 of four decimals. A number is rounded at its tenth decimal (rates are not money).
    Times without an offset are UTC; digits beyond the microsecond are cut, never rounded up.
    """
    decimal = _decimal(text)
    match column.kind:
        case Kind.TEXT | Kind.JSON:
            return text
        case Kind.INTEGER:
            return f"case when {decimal} = trunc({decimal}) then try_cast(trunc({decimal}) as bigint) end"
        case Kind.BOOLEAN:
            return f"case {text} when 'true' then true when 'false' then false end"
        case Kind.MONEY:
            money = f"try_cast({decimal} as decimal(18,4))"
            return f"case when abs({decimal} - {money}) <= {_NOISE} then {money} end"
        case Kind.NUMBER:
            return f"try_cast({decimal} as decimal(28,10))"
        case Kind.DATE:
            return f"case when regexp_full_match({text}, '{_DATE}') then try_cast({text}[:10] as date) end"
        case Kind.TIMESTAMP:
            cut = rf"regexp_replace({text}, '(\.[0-9]{{6}})[0-9]+', '\1')"
            return f"case when regexp_full_match({text}, '{_TIMESTAMP}') then try_cast({cut} as timestamptz) end"
        case Kind.UUID:
            return f"try_cast({text} as uuid)"


def noisy(column: Column, text: str, value: str) -> str | None:
    """SQL that gives 1 where the text and the stored value differ, 0 else; None for kinds where they can't."""
    if column.kind in (Kind.MONEY, Kind.NUMBER):
        return f"({text} is not null and {_decimal(text)} <> {value})::integer"
    return None


def _decimal(text: str) -> str:
    return f"case when regexp_full_match({text}, '{_NUMBER}') then try_cast({text} as decimal(38,18)) end"
