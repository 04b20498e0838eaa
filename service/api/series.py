"""Timelines as CSV. Pure."""

import csv
from io import StringIO
from typing import Final

from service.answers.models import Bucket, Timeline

CSV: Final = "text/csv"
_COLUMNS: Final = tuple(Bucket.model_fields)


def as_csv(answer: Timeline) -> bytes:
    """A line of names, then one per bucket; times as in JSON."""
    text = StringIO()
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    writer.writerows(_row(bucket) for bucket in answer.buckets)
    return text.getvalue().encode()


def _row(bucket: Bucket) -> dict[str, object]:
    return {**bucket.model_dump(), "incomplete": "true" if bucket.incomplete else "false"}
