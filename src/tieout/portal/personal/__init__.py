"""Personal data of a data source: which kinds are fetched, hidden, or not fetched, and when those of gone contacts go."""
