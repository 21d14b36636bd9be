"""SAF-T Financial 1.30 out of the models: written as a stream, grouped by rule until a person confirms, checked.

`export` writes a company's fiscal year, `check` tells what an XSD misses. Facts: Skatteetaten's documentation of 1.30.
"""

from tieout.reports.saft.check import Finding, check
from tieout.reports.saft.errors import CannotExportError
from tieout.reports.saft.export import Exported, Order, export, parts
from tieout.reports.saft.grouping import Grouping, seed

__all__ = ["CannotExportError", "Exported", "Finding", "Grouping", "Order", "check", "export", "parts", "seed"]
