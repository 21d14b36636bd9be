"""*Try to break it*: what may go wrong with books and their source, done on purpose. In the demo only."""
