"""The installation itself: its keys at the accounting system's vendor, and whether everything it stands on is well."""
