"""Questions in SQL that people write: parsed, then answered by a process of its own on links to the published copy."""
