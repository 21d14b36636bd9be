"""The embedded warehouse: one DuckDB file per workspace, locked by the process that owns TIEOUT_HOME."""

from tieout.warehouse.duckdb.file import DuckDBWarehouse, open_warehouse

__all__ = ["DuckDBWarehouse", "open_warehouse"]
