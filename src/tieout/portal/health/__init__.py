"""Being watched: probes and figures for machines, a heartbeat, and how everything stands in one answer."""
