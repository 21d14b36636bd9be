"""Seeded worlds: a company's months with everything that goes wrong, and what must hold whatever happens."""
