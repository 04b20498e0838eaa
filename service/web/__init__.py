"""The pages: what the HTTP API answers, for people. Nothing in them needs JavaScript."""
