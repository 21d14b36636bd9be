"""*Reports*: the books as statements and lists, on pages and in files, each figure with the postings behind it."""
