"""Filters of the pages of the proof."""
