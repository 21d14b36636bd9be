"""The certificate of a tie-out: its statement, its seal, its verification, and the SQL that repeats it. No pages here."""
