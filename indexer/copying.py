"""A newsroom carried from one store into another, whatever their kinds.

The source is read through its changes, and the mark up to which they were taken in is kept in the target: a copy that
was cut off goes on where it was. The target is for nobody else to write to until the copy is done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final
from uuid import uuid4

from indexer.article import Article
from indexer.errors import InvalidParameter
from indexer.store.port import Change, Store

BATCH: Final = 500
CARRIED: Final = ("decision", "refusal", "pin", "alert", "feed", "secret")
"""The kinds of records that are the newsroom's: the editors' decisions, first, for whoever names entities in the target
meanwhile; the suggestions they refused; what they pinned; its alerts and feeds; what its cursors are signed with, for
their places are good in any store. Leases and marks are a store's own.
"""
_KIND: Final = "copy"


@dataclass(frozen=True, slots=True)
class Copied:
    """How far a copy is: written articles, deletions, and the mark in the source up to which these are all."""

    articles: int = 0
    deletions: int = 0
    mark: str | None = None

    @property
    def changes(self) -> int:
        return self.articles + self.deletions


def copy(source: Store, target: Store, name: str) -> Iterator[Copied]:
    """Bring everything of the source, known as `name`, into the target; how far it is after each batch that is kept.

    InvalidParameter if the target is the source, or has what is not from there.
    """
    _check(source, target, name)
    copied = Copied(**target.records(_KIND).get(name, {}))
    target.put_record(_KIND, name, asdict(copied))
    _carry_records(source, target)
    yield copied
    while (changes := source.changes(copied.mark, BATCH)).items:
        _take_in(target, changes.items)
        deletions = sum(change.article is None for change in changes.items)
        articles = len(changes.items) - deletions
        copied = Copied(copied.articles + articles, copied.deletions + deletions, changes.mark)
        target.put_record(_KIND, name, asdict(copied))
        yield copied
    _carry_records(source, target)


def _check(source: Store, target: Store, name: str) -> None:
    if _are_one(source, target):
        raise InvalidParameter("to", "This is the store that is to be copied: give another one to copy it to.")
    begun = target.records(_KIND)
    if begun and name not in begun:
        raise InvalidParameter("to", f"This store is a copy of {', '.join(begun)}: give one that is empty.")
    if not begun and _is_used(target):
        raise InvalidParameter("to", "There are articles, feeds or decisions in this store: give one that is empty.")
    made = source.records("decision")
    if any(made.get(number) != decision for number, decision in target.records("decision").items()):
        raise InvalidParameter("to", "Decisions have been made in this store since it was copied: give an empty one.")


def _are_one(source: Store, target: Store) -> bool:
    """Whether what is written to one is found in the other, however their addresses are spelled."""
    token = uuid4().hex
    target.put_record("probe", token, {})
    try:
        return token in source.records("probe")
    finally:
        target.drop_record("probe", token)


def _is_used(target: Store) -> bool:
    made = any(target.records(kind) for kind in ("decision", "pin", "feed"))
    return made or bool(target.changes(None, 1).items)


def _carry_records(source: Store, target: Store) -> None:
    for kind in CARRIED:
        wanted, kept = source.records(kind), target.records(kind)
        for record_id, value in wanted.items():
            if kept.get(record_id) != value:
                target.put_record(kind, record_id, value)
        for record_id in kept.keys() - wanted.keys():
            target.drop_record(kind, record_id)


def _take_in(target: Store, changes: Sequence[Change]) -> None:
    target.delete([change.id for change in changes if change.article is None])
    _write_as_they_are([change.article for change in changes if change.article], target)


def _write_as_they_are(articles: Sequence[Article], target: Store) -> None:
    """Write articles that replace any other version, also one that was seen first or is newer.

    The source has it so no more: the article was deleted there, and came again.
    """
    written = target.write(articles)
    differing = [article for article, one in zip(articles, written, strict=True) if one.article != article]
    if differing:
        target.delete([article.id for article in differing])
        target.write(differing)
