"""The articles and everything that keeps them. Knows no HTTP service."""
