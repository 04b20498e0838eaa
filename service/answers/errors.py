"""What an answer can be instead of an answer, besides the errors of the store."""

from indexer.errors import DatelineError


class UnknownId(DatelineError):  # noqa: N818 - as in indexer.errors
    """Nothing has this id."""
