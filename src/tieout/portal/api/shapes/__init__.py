"""The shapes of what is asked and answered. Names are those of the command line's JSON (docs/reference/scripting.md).

Amounts are text with their decimals, debit positive, in the company's currency. Times are ISO in UTC.
"""
