"""Approval links, onboarding sessions and candidates: how a company lets us in."""
