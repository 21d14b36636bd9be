"""Products, whose stock has a stamp of its own, and product groups (contract 6.6, 7.12, 7.13)."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.simulator.books.model import Product, ProductGroup
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, none_of
from tieout.simulator.poweroffice.api.parameters import changed_after, enum, flag, words
from tieout.simulator.poweroffice.api.properties import NO_FARM, STAMPS, amount, single
from tieout.simulator.poweroffice.api.view import View

_TYPES = ("Product", "Service")

_COMMON: Columns = {
    "Code": lambda row, view: row.code,
    **STAMPS,
    "Description": lambda row, view: row.description,
    "Id": lambda row, view: row.id,
    "IsArchived": lambda row, view: row.is_archived,
    "Name": lambda row, view: row.name,
    "OptionalSalesAccount": lambda row, view: row.vat_free_sales_account,
    "OptionalSalesAccountAgricultureDepartment": NO_FARM,
    "OptionalSalesAccountId": lambda row, view: view.account_id(row.vat_free_sales_account),
    "ProductType": lambda row, view: row.type,
    "StandardSalesAccount": lambda row, view: row.sales_account,
    "StandardSalesAccountAgricultureDepartment": NO_FARM,
    "StandardSalesAccountId": lambda row, view: view.account_id(row.sales_account),
    "UnitCost": lambda row, view: amount(row.unit_cost),
    "UnitOfMeasureCode": lambda row, view: row.unit,
    "UnitPrice": lambda row, view: amount(row.unit_price),
    **none_of("CreatedFromImportJournalId"),
}

PRODUCT_COLUMNS: Columns = {
    **_COMMON,
    "Gtin": lambda product, view: product.gtin,
    "IsStockItem": lambda product, view: product.is_stock_item,
    "ProductGroupCode": lambda product, view: view.code(view.books.product_groups, product.group_id),
    "ProductGroupId": lambda product, view: product.group_id,
    "StockAvailable": lambda product, view: product.stock_on_hand,
    "StockOnHand": lambda product, view: product.stock_on_hand,
    "StockOnHandLastChangedDatetimeOffset": lambda product, view: product.stock_changed,
}

_FILTERS = (
    changed_after("createdDateTimeOffsetGreaterThan", _COMMON["CreatedDateTimeOffset"]),
    changed_after("lastChangedDateTimeOffsetGreaterThan", _COMMON["LastChangedDateTimeOffset"]),
    words("codes", _COMMON["Code"]),
    words("names", _COMMON["Name"]),
    flag("isArchived", _COMMON["IsArchived"]),
    enum("type", _TYPES, _COMMON["ProductType"]),
)


def _shown(rows: Iterable[Product | ProductGroup], view: View) -> list[Product | ProductGroup]:
    """All of them, unless archived ones have to be asked for (contract 11.20)."""
    hides = view.options.archived == "left out" and "isArchived" not in view.given
    return [row for row in rows if not (hides and row.is_archived)]


PRODUCTS = Endpoint(
    path="/Products",
    schema="ProductDto",
    privileges=("Product",),
    rows=lambda view: _shown(view.books.products.values(), view),
    columns=PRODUCT_COLUMNS,
    parameters=(
        *_FILTERS,
        words("productGroupCodes", PRODUCT_COLUMNS["ProductGroupCode"]),
        changed_after(
            "stockOnHandLastChangedDatetimeOffsetGreaterThan", PRODUCT_COLUMNS["StockOnHandLastChangedDatetimeOffset"]
        ),
    ),
)
PRODUCT_GROUPS = Endpoint(
    path="/ProductGroups",
    schema="ProductGroupDto",
    privileges=("Product",),
    rows=lambda view: _shown(view.books.product_groups.values(), view),
    columns=_COMMON,
    parameters=_FILTERS,
)

ENDPOINTS = (PRODUCTS, single(PRODUCTS), PRODUCT_GROUPS, single(PRODUCT_GROUPS))
