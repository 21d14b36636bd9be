"""The REST API under /api/v1: everything a page can do, for programs, through the same actions and queries."""
