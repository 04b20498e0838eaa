"""The query language: a small closed syntax tree, and the parser that reads it from text."""
