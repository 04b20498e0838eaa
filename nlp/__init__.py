"""Text in, mentions out. Knows no article, no store and no HTTP."""
