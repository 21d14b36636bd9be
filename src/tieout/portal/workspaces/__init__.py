"""Workspaces, who belongs to them in which role, and the history of what people did there."""
