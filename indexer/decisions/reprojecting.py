"""The worker's chore that brings the entities and stories of stored articles level with the names as they are now.

A new decision names the articles that it can concern: these are looked for and revised at once. Beside that every
change of the archive is followed, so that an article written with older names does not keep them; a new catalogue
begins that walk anew, and so comes to every article in time. Both can be repeated: what is level is not written.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Event
from typing import Final

from indexer.article import Article
from indexer.decisions.contradictions import entities_of
from indexer.decisions.deciding import decisions, named
from indexer.decisions.decision import STORY, Act, Alias, Decision, Split, Undo, is_story
from indexer.decisions.names import Names
from indexer.store.port import FilterField, Position, Request, Selection, Store
from indexer.worker import Chore
from nlp.keys import fold

KIND: Final = "reprojection"
"""The records of how far this has got."""
BATCH: Final = 500
_DECISIONS: Final = "decisions"
_PAUSE: Final = 0.5
_STRIDE: Final = 100
_REST: Final = 0.1
"""On a walk through the archive, how many articles are looked at in one go, and how long others then have the store."""
_MOST_VALUES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far decisions have come to the articles: the last one that is in all, and how many are looked at yet."""

    number: int
    pending: int


def reproject_chore(store: Store, names: Callable[[], Names]) -> Chore:
    """Keep the entities of all articles level with the newest names."""
    return Chore("reproject", _PAUSE, lambda stop: reproject(store, names(), stop))


def reproject(store: Store, names: Names, stop: Event) -> None:
    """Bring the articles level with these names, unless `stop` is set before. StoreError."""
    if _apply_decisions(store, names, stop):
        _follow(store, names, stop)


def progress(store: Store, names: Names) -> Progress:
    """How far the worker has got on the way to the names of now. StoreError."""
    record = store.records(KIND).get(_DECISIONS, {})
    number: int = record.get("number", 0)
    if number >= names.number:
        return Progress(number, 0)
    if record.get("towards") == names.number:
        return Progress(number, record["pending"])
    return Progress(number, sum(store.count(part) for part in affected(store, names, number)))


def affected(store: Store, names: Names, after: int) -> list[Selection]:
    """The articles that the decisions after a number can concern, in parts that can have some in common."""
    taken = decisions(store)[: names.number]
    before = named(names.catalogue, taken[:after], demonyms=names.demonyms)
    meant = [(acted_on(taken, decision), moment) for decision in taken[after:] for moment in (before, names)]
    keys = {key for decision, moment in meant for key in keys_of(decision.act, moment)}
    told = ((one, moment) for decision, moment in meant for one in stories_of(decision, moment))
    stories = {story for one, moment in told for story in moment.rulings.stories.reached(one)}
    return [*_parts("keys", keys), *_parts("story", stories)]


def acted_on(taken: Sequence[Decision], decision: Decision) -> Decision:
    """The decision itself; of an undo, the one that it brings down or back."""
    while isinstance(decision.act, Undo):
        decision = taken[decision.act.number - 1]
    return decision


def stories_of(decision: Decision, names: Names) -> set[str]:
    """The stories in which the articles are shown that a decision concerns, before or after it takes effect."""
    ids = {one.id.removeprefix(STORY) for one in decision.subjects if is_story(one.id)}
    return ids | {names.rulings.stories.leads_to(story) for story in ids}


def keys_of(act: Act, names: Names) -> set[str]:
    """What is in the `keys` of the articles that an act about names concerns."""
    if any(map(is_story, entities_of(act))):
        return set()
    match act:
        case Undo():
            return set()
        case Alias(_, surface):
            return {fold(surface)}
        case Split(_, split_off):
            return set(map(fold, split_off))
        case _:
            return names.keys(act.entity)


def _apply_decisions(store: Store, names: Names, stop: Event) -> bool:
    """Revise the articles that new decisions concern; False if that was stopped before its end."""
    done: int = store.records(KIND).get(_DECISIONS, {}).get("number", 0)
    if done >= names.number:
        return True
    store.refresh()
    parts = affected(store, names, done)
    pending = sum(store.count(part) for part in parts)
    for articles in (page for part in parts for page in _pages(store, part)):
        if stop.is_set():
            return False
        level(store, names, articles)
        pending = max(0, pending - len(articles))
        _note(store, number=done, towards=names.number, pending=pending)
    store.refresh()
    _note(store, number=names.number, towards=names.number, pending=0)
    return True


def level(store: Store, names: Names, articles: Iterable[Article]) -> None:
    """Revise those of some articles whose entities or stories are others by these names. StoreError."""
    pairs = ((one, reread(names, one)) for one in articles)
    outdated = {one.id: (one, now) for one, now in pairs if now is not one}

    def revised(stored: Article) -> Article:
        seen, now = outdated[stored.id]
        return now if stored == seen else reread(names, stored)

    if outdated:
        store.revise(list(outdated), revised)


def reread(names: Names, article: Article) -> Article:
    """The article as these names read it; itself if that is how it is, or later ones have read it."""
    if article.decisions > names.number:
        return article
    is_level = article.projected == names.stamp or not article.mentions
    return names.tell(article) if is_level else names.read(article)


def _follow(store: Store, names: Names, stop: Event) -> None:
    """Look at everything that changed since the last time with these names but for decisions, or at all there is.

    A newer decision comes before the rest of it: whoever decides need not wait for a walk through the archive.
    """
    mark = store.records(KIND).get(names.basis, {}).get("mark")
    while not (stop.is_set() or decisions(store, after=names.number)):
        items, following = store.changes(mark, _STRIDE)
        if not items:
            return
        level(store, names, [item.article for item in items if item.article])
        mark = following
        store.put_record(KIND, names.basis, {"mark": mark})
        if len(items) == _STRIDE:
            stop.wait(_REST)


def _parts(field: FilterField, values: set[str]) -> list[Selection]:
    remaining = iter(sorted(values))
    return [Selection(filters={field: part}) for part in iter(lambda: tuple(islice(remaining, _MOST_VALUES)), ())]


def _pages(store: Store, selection: Selection) -> Iterator[list[Article]]:
    """All articles of a selection. A revision moves none in time, so that what it takes out is behind the walk."""
    after: Position | None = None
    while hits := store.search(Request(selection, sort="oldest", size=BATCH, after=after)).hits:
        yield [hit.article for hit in hits]
        after = Position(*hits[-1].article.order)


def _note(store: Store, **fields: int) -> None:
    store.put_record(KIND, _DECISIONS, dict(fields))
