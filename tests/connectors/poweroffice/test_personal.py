from __future__ import annotations

import gzip
import re
from pathlib import Path

from tests.connectors.fake_server import Asked, Reply
from tests.connectors.poweroffice.fake import FakePowerOffice, opened
from tieout.catalog import DEFAULT_CHOICES, Ask, Choice, Kind, Personal
from tieout.connectors.poweroffice.columns import COLUMNS
from tieout.connectors.poweroffice.personal import MARKS
from tieout.connectors.poweroffice.streams import BY_NAME, PROOF, STREAMS

SOUNDS_PERSONAL = re.compile(
    r"name|address|e_?mail|phone|birth|national|bank|title|reference$|gender|description|^cid$|website"
)
# What sounds so and is not marked, by the reason; `stream column column ...` a line.
NOT_PERSONAL = {
    "the name of a thing": """
        general_ledger_accounts name
        vat_codes name description
        sub_ledger_number_series name
        locations name
        custom_dimensions name
        custom_dimension_settings name
        contact_groups name
        payment_terms name
        delivery_terms name
        branding_themes name
        projects name expense_markup_description hourly_rate_markup_description
        products name description
        product_groups name description
        departments name
        outgoing_invoice_lines description
        sales_order_lines description
        trial_balances account_name
    """,
    "the company itself": """
        organization_settings name legal_name email_address phone_number website_url mail_address delivery_address
        organization_settings mail_address_is_delivery_address invoice_inbox_email invoice_inbox_email_address
    """,
    "the number of a payment or an order": """
        account_transactions bank_transfer_id
        customer_ledger_entries cid custom_matching_reference
        supplier_ledger_entries cid custom_matching_reference
        outgoing_invoices cid custom_matching_reference purchase_order_reference
        incoming_invoices cid custom_matching_reference purchase_order_reference
        sales_orders custom_matching_reference purchase_order_reference
    """,
    "a key that leads to a contact": """
        sales_orders contact_delivery_address_id
    """,
    "a country is nobody": """
        outgoing_invoices delivery_address_country_code
    """,
}
OTHER_SYSTEMS_NUMBER = "external_import_reference"


def not_personal() -> set[str]:
    lines = [line.split() for text in NOT_PERSONAL.values() for line in text.splitlines() if line.strip()]
    return {f"{stream}.{column}" for stream, *columns in lines for column in columns}


def test_whatever_sounds_personal_is_marked_or_has_a_reason_not_to_be() -> None:
    heard = {
        f"{stream.name}.{column.name}"
        for stream in STREAMS
        for column in stream.columns
        if SOUNDS_PERSONAL.search(column.name) and column.mark is None and column.name != OTHER_SYSTEMS_NUMBER
    }
    assert heard == not_personal()


def test_marks_name_fields_that_are_there_and_nothing_that_keys_proofs_and_cursors_need() -> None:
    for schema, marks in MARKS.items():
        assert set(marks) <= {column.field for column in COLUMNS[schema]}, schema
    assert PROOF.ledger is not None
    for stream in STREAMS:
        needed = {*stream.primary_key, stream.window_column, stream.number_column, stream.parent_column}
        for column in stream.columns:
            if column.mark is None:
                continue
            assert column.name not in needed
            assert column.kind in (Kind.TEXT, Kind.JSON, Kind.DATE)
            assert BY_NAME[stream.name].paged  # the others are not written by way of `empty`
            for where in column.mark.where:
                assert stream.column(where.column).mark is None
            if column.mark.of:
                party, key = column.mark.of
                assert BY_NAME[party].stream.has_contacts
                assert stream.column(key).kind is BY_NAME[party].stream.column("id").kind


def test_every_kind_has_columns_and_a_default() -> None:
    assert set(DEFAULT_CHOICES) == set(Personal)
    assert {kind for kind in Personal for stream in STREAMS if stream.marked(kind)} == set(Personal)
    hidden = {kind for kind, choice in DEFAULT_CHOICES.items() if choice is Choice.HIDDEN}
    assert hidden >= {Personal.BANK_ACCOUNTS, Personal.PAYROLL_TEXTS}


def test_what_is_not_fetched_is_not_asked_for_and_what_comes_all_the_same_of_people_is_never_written(
    tmp_path: Path,
) -> None:
    asked = list[Asked]()

    def answer(question: Asked) -> Reply:
        asked.append(question)
        rows = [
            {"Id": 1, "Name": "Fixture Person", "IsPerson": True, "MailAddress": {"City": "Bodø"}},
            {"Id": 2, "Name": "Fixture Company AS", "IsPerson": False, "MailAddress": {"City": "Moss"}},
        ]
        return Reply.of(rows, zipped=True)

    stream = BY_NAME["customers"].stream.as_chosen({Personal.PEOPLE: Choice.NOT_FETCHED})
    with opened(FakePowerOffice({"/Customers": answer})) as (reader, _):
        pages = list(reader.pages(Ask(stream=stream), tmp_path))
    fields = set(asked[0].query["Fields"].split(","))
    assert {"Id", "Name", "IsPerson", "NationalIdNumber"} <= fields
    assert not fields & {"FirstName", "LastName", "EmailAddress", "PhoneNumber", "InvoiceEmailAddress"}
    written = b"".join(gzip.decompress(path.read_bytes()) for path in tmp_path.iterdir())
    assert len(pages) == 1
    assert b"Fixture Company AS" in written
    assert b"Moss" in written
    assert b"Fixture Person" not in written
    assert b"Bod" not in written


def test_a_cut_answer_is_asked_again_before_anything_of_it_is_written(tmp_path: Path) -> None:
    whole = (
        b'[{"Id":1,"VoucherType":"PayrollJournal","Description":"A fixture pay","VoucherDescription":"A fixture pay"}]'
    )
    replies = [Reply(200, whole[:-9], {"Content-Type": "application/json"}), Reply(200, whole, {})]
    stream = BY_NAME["account_transactions"].stream.as_chosen({Personal.PAYROLL_TEXTS: Choice.NOT_FETCHED})
    fake = FakePowerOffice({"/AccountTransactions": lambda _: replies.pop(0)})
    with opened(fake) as (reader, _):
        pages = list(reader.pages(Ask(stream=stream), tmp_path))
    assert [gzip.decompress(page.path.read_bytes()) for page in pages] == [whole.replace(b'"A fixture pay"', b"null")]
    assert len(list(tmp_path.iterdir())) == 1
