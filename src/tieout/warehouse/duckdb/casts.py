"""From the text of a value, as the source wrote it, to a typed one: exact, or not at all.

DuckDB's JSON reader passes numbers through doubles: 9007199254740.9312 loses a digit, 1.7 becomes 2 in an integer. So
all values are read as text and cast here. Up to 15 digits that text is exact; longer numbers are put in quotation
marks before the reader sees them (`exact`).

Two casts for each kind: `typed` is the whole rule, `plain` takes only what is written as usual and so is cheap.
"""

from __future__ import annotations

from tieout.catalog import Column, Kind

# A number of 15 digits or more, or one with an exponent, as a value of an object. An unescaped quotation mark can't
# stand inside a JSON string, so `name":` is always a key.
_LONG_NUMBER = r'[A-Za-z0-9_]":\s*-?([0-9.]{16,}|[0-9.]+[eE])'
_NUMBER_VALUE = r'([A-Za-z0-9_])":\s*(-?[0-9][0-9.eE+-]*)'
_AS_TEXT = r'\1":"\2"'
_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_PLAIN_MONEY = r"-?[0-9]{1,14}(\.[0-9]{1,4})?"
_MIDNIGHT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]00:00(:00(\.0+)?)?(Z|[-+]00:?00)?"
# The noise of binary floats in amounts, such as 1234.5600000000001.
_NOISE = "0.000000001"

# The size from which half a double's last binary digit is more than the noise that is let through, and more than
# half of a number's tenth decimal.
LARGE = {Kind.MONEY: 2**24, Kind.NUMBER: 2**19}
_PLAIN_TYPES = {
    Kind.INTEGER: "bigint",
    Kind.MONEY: "decimal(18,4)",
    Kind.NUMBER: "decimal(28,10)",
    Kind.DATE: "date",
    Kind.TIMESTAMP: "timestamptz",
    Kind.UUID: "uuid",
}

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
    return f"case when {has_long_number(record)} then {quoted} else {record} end"


def plain(column: Column, text: str) -> str:
    """SQL that gives what `typed` would, for values written as usual; null for all others, whether they fit or not.

    `text` is as the JSON reader gives it. It tells no longer whether the source wrote a number with more digits than a
    double has; among numbers beyond `LARGE` that could make a difference (`has_long_number`).
    """
    value = f"try_cast({text} as {_PLAIN_TYPES[column.kind]})" if column.kind in _PLAIN_TYPES else text
    match column.kind:
        case Kind.TEXT | Kind.UUID:
            return value
        case Kind.BOOLEAN:
            return typed(column, text)
        case Kind.INTEGER | Kind.DATE:
            return f"case when {value}::varchar = {text} then {value} end"
        case Kind.MONEY:  # to four decimals and back again is the same double
            return f"case when {value}::double = try_cast({text} as double) then {value} end"
        case Kind.NUMBER:  # so short that no decimal beyond the tenth can be there
            return f"case when strlen({text}) <= 12 and not contains({text}, 'e') then {value} end"
        case Kind.TIMESTAMP:
            return f"case when {text}[5] = '-' then {value} end"
        case Kind.JSON:
            raise ValueError("a number inside JSON may have lost digits")


def has_long_number(record: str) -> str:
    """SQL: whether a record's JSON has a number of more digits than a double holds."""
    return f"regexp_matches({record}, '{_LONG_NUMBER}')"


def typed(column: Column, text: str) -> str:
    """SQL that gives the typed value of `text`, null where it does not fit.

    Money must be within 1e-9 of four decimals. A number is rounded at its tenth decimal (rates are not money).
    Times without an offset are UTC; digits beyond the microsecond are cut, never rounded up.
    The first branch of each is the common case and fast, the second the exact rule (arithmetic of 38 digits is slow).
    """
    match column.kind:
        case Kind.TEXT | Kind.JSON:
            return text
        case Kind.INTEGER:
            plain, whole = f"try_cast({text} as bigint)", f"trunc({_decimal(text)})"
            exact = f"case when {_decimal(text)} = {whole} then try_cast({whole} as bigint) end"
            return f"case when {plain}::varchar = {text} then {plain} else {exact} end"
        case Kind.BOOLEAN:
            return f"case {text} when 'true' then true when 'false' then false end"
        case Kind.MONEY:
            money = f"try_cast({_decimal(text)} as decimal(18,4))"
            exact = f"case when abs({_decimal(text)} - {money}) <= {_NOISE} then {money} end"
            return f"case when {_plain(text)} then try_cast({text} as decimal(18,4)) else {exact} end"
        case Kind.NUMBER:
            return f"try_cast({_decimal(text)} as decimal(28,10))"
        case Kind.DATE:
            plain = f"try_cast({text} as date)"
            midnight = f"case when regexp_full_match({text}, '{_MIDNIGHT}') then try_cast({text}[:10] as date) end"
            return f"case when {plain}::varchar = {text} then {plain} else {midnight} end"
        case Kind.TIMESTAMP:
            return f"case when {text}[5] = '-' then try_cast({text} as timestamptz) end"
        case Kind.UUID:
            return f"try_cast({text} as uuid)"


def noisy(column: Column, text: str, value: str) -> str | None:
    """SQL that gives 1 where the text and the stored value differ, 0 else; None for kinds where they can't."""
    if column.kind is Kind.MONEY:
        return f"case when {text} is null or {_plain(text)} then 0 else ({_decimal(text)} <> {value})::integer end"
    if column.kind is Kind.NUMBER:
        return f"case when {text} is null then 0 else ({_decimal(text)} <> {value})::integer end"
    return None


def _plain(text: str) -> str:
    return f"regexp_full_match({text}, '{_PLAIN_MONEY}')"


def _decimal(text: str) -> str:
    return f"case when regexp_full_match({text}, '{_NUMBER}') then try_cast({text} as decimal(38,18)) end"
