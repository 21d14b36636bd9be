"""The approval: Initiate, the pages that an administrator sees, Finalize."""
