"""What the limit that all companies share is used for, and by whom: a page for administrators. Reads, and keeps nothing."""
