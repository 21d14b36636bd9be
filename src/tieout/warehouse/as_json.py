"""Values of the warehouse as JSON may carry them, the same on the command line and in the API."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

EXACT_IN_JSON = 2**53  # integers beyond it lose digits in readers that use doubles


def as_json(value: Any) -> Any:
    """Exact decimals and great integers as text, days as YYYY-MM-DD, times ISO in UTC; what JSON has no kind for as text."""
    match value:
        case None | bool() | str() | float():
            return value
        case Decimal():
            return f"{value:f}"
        case int():
            return value if abs(value) <= EXACT_IN_JSON else str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case list() | tuple():
            return [as_json(item) for item in value]
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
    return str(value)
