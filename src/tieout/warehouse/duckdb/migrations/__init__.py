"""Numbered steps from one version of the tieout.* tables to the next."""
