"""One module per contender, run as a program of its own: `ADDRESS WORK FOLDER`.

WORK is `full` (all account transactions into an empty table) or `changes` (5,000 changed ones into the table that `full`
left in FOLDER). Peers run in environments of their own, so these modules import nothing of ours but `columns`.
"""
