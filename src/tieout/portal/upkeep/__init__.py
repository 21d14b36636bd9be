"""Keeping an installation alive: copies of it, what is too old, room on the disk, and stores of other versions."""
