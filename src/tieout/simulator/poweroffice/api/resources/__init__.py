"""The vendor's lists by subject. Each module holds the properties of its rows and its part of the table of endpoints."""
