"""Data sources: one company in one system, with its credentials, health and schedule."""
