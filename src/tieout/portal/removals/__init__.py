"""Removing a whole workspace, and everything in it."""
