"""A company's bookkeeping, any vendor: invented from a seed, or loaded from SAF-T and SIE files.

`model` and `records` are the books themselves, `matching` what settles what; `invent` makes companies: `invented` says what kind
they are and keeps their clock and journal, `events` is what happens to them, `changes` what is changed afterwards.
"""
