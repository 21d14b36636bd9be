"""The proof in full: why figures differ and what was mended, month by month, company by company, down to the voucher."""
