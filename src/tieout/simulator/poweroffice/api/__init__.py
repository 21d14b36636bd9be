"""The vendor's lists: one table of endpoints, the rows behind them, filters, order, fields and pages."""
