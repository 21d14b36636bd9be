"""*Feeds*: the models for Excel, Power BI and programs, by personal tokens."""
