"""*Vouchers* of a data source: found by number, date or text; one with all that belongs to it."""
