"""A stamp and what became of it, as JSON: the command line and the API tell it alike.

Amounts are texts with their decimals, debit positive.
"""

from __future__ import annotations

from typing import Any

from tieout.portal.stamps.comparing import Comparison
from tieout.portal.stamps.models import Stamp


def facts(stamp: Stamp) -> dict[str, Any]:
    """Which stamp it is."""
    return {
        "stamp": str(stamp.pk),
        "source": str(stamp.source_id),
        "name": stamp.name,
        "date": stamp.on.isoformat(),
        "stamped_at": stamp.made_at.isoformat(),
        "sync": stamp.sync,
    }


def told(found: Comparison) -> dict[str, Any]:
    """What became of it. `account_no` null: result of earlier years."""
    return {
        "traced": found.is_traced,
        "accounts": [
            {
                "account_no": row.account_no,
                "name": row.name,
                "stamped": f"{row.then:f}",
                "changes": f"{row.changes:f}",
                "untraced": f"{row.untraced:f}",
                "now": f"{row.now:f}",
            }
            for row in found.moved
        ],
        "vouchers": [
            {
                "voucher_no": one.voucher_no,
                "voucher_id": one.voucher_id,
                "first_posting_date": one.first_date.isoformat(),
                "sync": one.sync,
                "kinds": [kind.value for kind in one.kinds],
                "columns": list(one.columns),
                "related": list(one.related),
                "amounts": {str(account): f"{amount:f}" for account, amount in one.amounts},
            }
            for one in found.vouchers
        ],
        "vouchers_in_all": found.vouchers_in_all,
    }
