"""Questions that the vendor's documentation leaves open (contract 11), asked of the vendor itself, with reading requests only."""
