"""The audit log: who did what, from which address, when. Rows are added and never changed."""
