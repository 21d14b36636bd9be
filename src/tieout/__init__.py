"""Tieout: a company's books in a warehouse, proved against the accounting system to the øre."""

__version__ = "0.1.0"
