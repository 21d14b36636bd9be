"""Another witness: a file that the accounting system exported itself, held against what is stored."""
