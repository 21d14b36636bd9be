"""Filters of the pages of syncs."""
