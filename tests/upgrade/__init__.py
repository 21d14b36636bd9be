"""Stores as released versions left them: one small file a release says how far each store's steps had come."""
