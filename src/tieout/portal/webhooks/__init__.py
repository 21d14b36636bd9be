"""Webhooks: what happens is posted to addresses that a workspace chose, signed by the Standard Webhooks or as a chat reads it."""
