"""*Stamps*: what was reported at a date, kept exactly, and everything that changed since."""
