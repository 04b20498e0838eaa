"""The store that grows: Elasticsearch 9, one index of articles behind an alias and one of small records."""
