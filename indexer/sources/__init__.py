"""Feeds, pages, JSON Lines and addresses, read as records."""
