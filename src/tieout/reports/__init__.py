"""From raw records to figures: SQL views in plain English names, with a description of every table and column."""

from tieout.reports.described import Column, Table, tables
from tieout.reports.models import SCHEMAS, views

__all__ = ["SCHEMAS", "Column", "Table", "tables", "views"]
