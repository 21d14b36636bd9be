"""What stands before the API: subscription key, limit, tokens, privileges, faults; and how answers look."""
