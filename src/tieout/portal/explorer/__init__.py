"""*Data*: every table, as people look at it."""
