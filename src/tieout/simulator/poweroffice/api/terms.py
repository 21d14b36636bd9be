"""What an order and its invoice say beside lines and amounts; of rows with `terms`."""

from __future__ import annotations

from tieout.simulator.poweroffice.api.endpoint import Columns

TERMS: Columns = {
    "BrandingThemeCode": lambda row, view: view.code(view.books.branding_themes, row.terms.branding_theme_id),
    "BrandingThemeId": lambda row, view: row.terms.branding_theme_id,
    "ContractNo": lambda row, view: row.terms.contract_no,
    "CustomMatchingReference": lambda row, view: row.terms.matching_reference,
    "CustomerReferenceContactPersonId": lambda row, view: row.terms.contact_person_id,
    "DeliveryDate": lambda row, view: row.terms.delivery_date,
    "DeliveryTerm": lambda row, view: view.name(view.books.delivery_terms, row.terms.delivery_term_id),
    "DeliveryTermId": lambda row, view: row.terms.delivery_term_id,
    "PurchaseOrderReference": lambda row, view: row.terms.purchase_order,
}
