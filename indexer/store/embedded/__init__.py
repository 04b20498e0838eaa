"""The store of one machine: SQLite is the record of truth, Tantivy an index derived from it."""
