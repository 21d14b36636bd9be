"""Syncs as the portal sees them: their jobs, their schedule, what they told, and the pages of a data source."""
