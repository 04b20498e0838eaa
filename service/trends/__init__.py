"""What matters now: decayed counts of names over arrays held in memory. The maths is in docs/trends.md."""
