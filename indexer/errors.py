"""One family of errors. Only `service` knows which HTTP status or exit code each one becomes."""


class DatelineError(Exception):
    """Base of all errors that are meant for people: `str(error)` is a sentence they can act on."""


class InvalidQuery(DatelineError):  # noqa: N818 - the names of the family say what is wrong, not that it is wrong
    """The query text cannot be read. `column` is where, in code points from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


class InvalidParameter(DatelineError):  # noqa: N818
    """A parameter or setting has a value it cannot have. `parameter` is its name as the caller wrote it."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class InvalidArticle(DatelineError):  # noqa: N818
    """A record is not an article: the reason ends up in the dead letters or in the answer to a POST."""


class UnreadableSource(DatelineError):  # noqa: N818
    """A file, feed or page could not be read at all."""


class ForbiddenAddress(UnreadableSource):
    """An address is not http(s), or leads to a machine that fetching is not allowed to reach."""


class NamesUnavailable(DatelineError):  # noqa: N818
    """Names cannot be found: the model is not installed, or its process was killed."""


class InvalidDecision(DatelineError):  # noqa: N818
    """What shall be decided makes no sense: no reason is given, or it would change nothing."""


class UnknownEntity(DatelineError):  # noqa: N818
    """No article, no earlier decision and no catalogue knows an entity."""


class DecisionConflict(DatelineError):  # noqa: N818
    """An earlier decision is in the way: its `number`, `who` decided it, when (`at`) and `why`."""

    def __init__(self, message: str, number: int, who: str, at: int, why: str) -> None:
        super().__init__(message)
        self.number = number
        self.who = who
        self.at = at
        self.why = why


class StoreError(DatelineError):
    """Base of what a store can answer instead of doing what it was asked."""


class UnknownField(StoreError):  # noqa: N818
    """A field is not in the mapping."""


class StoreUnavailable(StoreError):  # noqa: N818
    """The store is away, locked, full or not caught up. Trying again in `retry_after` seconds can help."""

    def __init__(self, message: str, retry_after: float = 5.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreRejected(StoreError):  # noqa: N818
    """The store understood and refused. Trying again does not help."""


class MappingMismatch(StoreError):  # noqa: N818
    """The schema or mapping on disk is not one that this version understands. The message says what to do."""
