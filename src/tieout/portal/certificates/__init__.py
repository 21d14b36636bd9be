"""Certificates of tie-outs: exported, signed, chained, kept as they were, downloaded again."""
