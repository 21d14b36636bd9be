"""Filters of *Data*."""
