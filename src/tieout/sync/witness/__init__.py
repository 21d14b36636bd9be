"""Another witness than the connection: a SAF-T file that the accounting system itself exported, held against what is stored."""
