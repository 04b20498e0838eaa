"""What can go wrong with names."""


class ModelUnavailable(Exception):  # noqa: N818 - says what is wrong, like the other errors of the project
    """A language model is not installed, or finds no names. `str(error)` is a sentence that says what to do."""
