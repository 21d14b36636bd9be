"""Filters and tags of all pages."""
