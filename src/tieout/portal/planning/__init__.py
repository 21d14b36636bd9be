"""What people add to the books: report lines of their own, and budgets. Both lie in the warehouse (decision 0016)."""
