"""A PowerOffice Go of our own, spoken to over HTTP only. Knows nothing of tieout but its settings."""
