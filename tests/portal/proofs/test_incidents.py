"""Incidents in words: what it was, which vouchers, and which difference it explains."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tieout.portal.proofs.incidents import Told, explained
from tieout.portal.syncs.tie_outs import Difference
from tieout.warehouse.incidents import Finding, Incident, IncidentState, Shape

AT = datetime(2026, 11, 19, 9, 4, tzinfo=UTC)


def found(shape: Shape = Shape.MISSING_VOUCHER, *, account: int = 3000, voucher: int | None = 20417) -> Finding:
    return Finding(
        shape=shape,
        stored=Decimal(0),
        vendor=Decimal(-11000),
        month=date(2026, 10, 1),
        posting_date=date(2026, 10, 30),
        account_no=account,
        voucher_no=voucher,
    )


def incident(*findings: Finding, state: IncidentState = IncidentState.OPEN) -> Incident:
    return Incident(opened_at=AT, state=state, findings=findings)


def difference(number: int, on: date) -> Difference:
    return Difference(
        check="ledger", on=on, number=number, name="Sales", stored=Decimal(0), vendor=Decimal(1), difference=Decimal(-1)
    )


def test_one_voucher_is_named_once_whatever_accounts_it_has() -> None:
    told = Told(incident(found(), found(account=1500)))
    assert told.title == "Missing voucher 20417"
    assert (told.accounts, told.vouchers, told.tone) == (2, 1, "bad")


def test_a_shape_without_the_word_names_its_voucher_in_brackets() -> None:
    assert Told(incident(found(Shape.CORRECTED_IN_PLACE))).title == "Amount corrected in place (voucher 20417)"


def test_more_than_one_is_counted() -> None:
    assert Told(incident(found(), found(voucher=5), found(voucher=6))).title == "Missing voucher 20417, and 2 others"


def test_a_mended_one_is_no_alarm() -> None:
    told = Told(incident(found(), state=IncidentState.MENDED))
    assert (told.tone, told.is_open, told.state) == ("ok", False, "Mended")


def test_a_difference_is_explained_by_findings_of_its_account_up_to_its_date() -> None:
    rows = [
        difference(3000, date(2026, 11, 19)),
        difference(3000, date(2026, 9, 30)),
        difference(1920, date(2026, 11, 19)),
    ]
    said = [one.in_words for one in explained(rows, incident(found(), found(account=1500)))]
    assert said == ["Missing voucher 20417", "", ""]


def test_without_an_open_incident_nothing_is_explained() -> None:
    (one,) = explained([difference(3000, AT.date() + timedelta(days=1))], None)
    assert one.in_words == ""
