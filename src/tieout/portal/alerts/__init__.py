"""Telling people: incidents that begin and end, who is told of them, and the outbox that e-mails it."""
