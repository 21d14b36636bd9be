"""The parts of the tie-out."""
