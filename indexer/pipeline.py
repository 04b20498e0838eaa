"""Records in, stored articles out: normalise, find names, project them, encode what it is about, write."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from indexer.article import Article, Written
from indexer.decisions.names import Names
from indexer.errors import InvalidArticle, StoreRejected
from indexer.extraction import Extraction, Mentions, result_of
from indexer.normalise import Normaliser
from indexer.sources.records import Found, Unreadable
from indexer.store.port import Store
from indexer.times import Millis
from indexer.vectors import encoded, with_vectors
from nlp.listed import ListedNames
from nlp.mention import Text

BATCH_RECORDS: Final = 500
BATCH_CHARACTERS: Final = 4_000_000
_ENGLISH_MODEL: Final = "spacy:en"
_ENGLISH: Final = frozenset({None, "en", "eng"})
"""What an English model reads: articles that say so, or nothing about their language."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record. `reason` says why it failed; `dated` is False where its date was not usable."""

    record: Found | Unreadable
    outcome: Literal["new", "changed", "unchanged", "failed"]
    article_id: str | None = None
    reason: str | None = None
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records ended how."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    undated: int = 0

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged + self.failed

    def plus(self, results: Sequence[Result]) -> "Tally":
        """The tally with one batch more."""
        counts = {name: getattr(self, name) for name in ("new", "changed", "unchanged", "failed")}
        for result in results:
            counts[result.outcome] += 1
        return Tally(**counts, undated=self.undated + sum(not result.dated for result in results))


class _Read(NamedTuple):
    """What was found in one article, and by which extractor."""

    extractor: str
    mentions: Mentions


class _Draft(NamedTuple):
    """An article on its way. `known`: its names, where they need not be looked for by the extraction."""

    record: Found | Unreadable
    article: Article
    known: _Read | None = None


_Items = list[_Draft | Result]
"""A batch in its order: what is on its way, and what has failed already."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything a record passes on its way into the store.

    `names` gives what names mean now, `clock` the moment of arrival.
    """

    store: Store
    extraction: Extraction
    names: Callable[[], Names]
    clock: Callable[[], Millis]

    def run(self, records: Iterable[Found | Unreadable], *, replay: bool = False) -> Iterator[list[Result]]:
        """Ingest; yield the results of each batch, in order, after what it says has been written.

        While names are being found in one batch, others are read and written; no more than the extraction keeps busy.
        StoreError, NamesUnavailable: then what was yielded is stored, and starting again goes on from there.
        """
        normaliser = Normaliser(replay=replay)
        waiting: deque[tuple[_Items, Future[list[Mentions]]]] = deque()
        for batch in _batches(records):
            waiting.append(self._start([_draft(normaliser, record, self.clock()) for record in batch]))
            if len(waiting) > self.extraction.depth:
                yield self._finish(*waiting.popleft())
        while waiting:
            yield self._finish(*waiting.popleft())

    def _start(self, items: _Items) -> tuple[_Items, Future[list[Mentions]]]:
        """Settle which articles keep the mentions they have; send the others to the extraction."""
        found = self.store.get([draft.article.id for draft in _drafts(items)])
        stored = {article.id: article for article in found if article is not None}
        items = [item if isinstance(item, Result) else _kept(item, stored) for item in items]
        items = [item if isinstance(item, Result) else self._read_at_once(item, stored) for item in items]
        return items, self.extraction.submit([_text(draft.article) for draft in _drafts(items) if not draft.known])

    def _read_at_once(self, draft: _Draft, stored: Mapping[str, Article]) -> _Draft:
        """What needs no model: what was read before, and what is in a language that the model does not know."""
        if self.extraction.name.startswith(_ENGLISH_MODEL) and draft.article.language not in _ENGLISH:
            return draft._replace(known=_Read(ListedNames.name, next(ListedNames().extract([_text(draft.article)]))))
        return self._recall(draft, stored)

    def _recall(self, draft: _Draft, stored: Mapping[str, Article]) -> _Draft:
        """Take over the mentions of the stored version where its text is the same and nothing else would read it."""
        kept = stored.get(draft.article.id)
        if kept is None or self.extraction.name not in {kept.extractor, "none"} or _text(kept) != _text(draft.article):
            return draft
        return draft._replace(known=_Read(kept.extractor, kept.mentions))

    def _finish(self, items: _Items, found: Future[list[Mentions]]) -> list[Result]:
        drafts, extracted = _drafts(items), result_of(found)
        mentions = iter(extracted)
        read = [draft.known or _Read(self.extraction.name, next(mentions)) for draft in drafts]
        names = self.names()
        complete = [
            draft._replace(article=_named(names, draft.article, *one)) for draft, one in zip(drafts, read, strict=True)
        ]
        articles = with_vectors([draft.article for draft in complete])
        complete = [draft._replace(article=article) for draft, article in zip(complete, articles, strict=True)]
        written = iter(_write(self.store, complete))
        return [item if isinstance(item, Result) else next(written) for item in items]


def _batches(records: Iterable[Found | Unreadable]) -> Iterator[list[Found | Unreadable]]:
    batch: list[Found | Unreadable] = []
    characters = 0
    for record in records:
        batch.append(record)
        characters += _size(record)
        if len(batch) >= BATCH_RECORDS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _size(record: Found | Unreadable) -> int:
    body = record.fields.get("body") if isinstance(record, Found) else None
    return len(body) if isinstance(body, str) else 0


def _draft(normaliser: Normaliser, record: Found | Unreadable, now: Millis) -> _Draft | Result:
    if isinstance(record, Unreadable):
        return Result(record, "failed", reason=record.reason)
    try:
        return _Draft(record, normaliser.article(record, now))
    except InvalidArticle as error:
        return Result(record, "failed", reason=str(error))


def _drafts(items: _Items) -> list[_Draft]:
    return [item for item in items if isinstance(item, _Draft)]


def _kept(draft: _Draft, stored: Mapping[str, Article]) -> _Draft:
    """The draft with the vector of the stored version, where that is made of the same text."""
    known = stored.get(draft.article.id)
    if known is None or encoded(known) != encoded(draft.article):
        return draft
    return draft._replace(article=replace(draft.article, vector=known.vector))


def _named(names: Names, article: Article, extractor: str, mentions: Mentions) -> Article:
    if extractor == article.extractor and mentions == article.mentions:
        return article
    return names.read(replace(article, extractor=extractor, mentions=mentions))


def _text(article: Article) -> Text:
    return Text(article.title, article.summary, article.body)


def _write(store: Store, drafts: list[_Draft]) -> list[Result]:
    """Write a batch together; one article that the store refuses does not take the others with it."""
    try:
        written = store.write([draft.article for draft in drafts])
    except StoreRejected as error:
        if len(drafts) == 1:
            return [Result(drafts[0].record, "failed", drafts[0].article.id, str(error))]
        return [result for draft in drafts for result in _write(store, [draft])]
    return [_done(draft, verdict) for draft, verdict in zip(drafts, written, strict=True)]


def _done(draft: _Draft, verdict: Written) -> Result:
    return Result(draft.record, verdict.outcome, verdict.article.id, dated=verdict.article.published_at is not None)
