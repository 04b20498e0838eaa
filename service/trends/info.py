"""What an entity is called, how much there is about it, and which entities a text can mean."""

from dataclasses import dataclass

import numpy as np

from indexer.times import Millis
from nlp.mention import EntityType
from service.trends.columns import Indices
from service.trends.scoring import best
from service.trends.snapshot import Snapshot, View
from service.trends.wording import means, words


@dataclass(frozen=True, slots=True)
class EntityInfo:
    """An entity as its newest article calls it; number and ranked times of its articles in the window."""

    id: str
    name: str
    type: EntityType
    short: str | None
    articles: int
    first_seen: Millis
    last_seen: Millis


def find_entities(
    snapshot: Snapshot, text: str, now: Millis, *, kind: EntityType | None = None, limit: int = 10
) -> tuple[EntityInfo, ...]:
    """The entities that a text can mean, those in the most articles first; ties by id.

    Every word of the text begins a word of the name or is the beginning of its abbreviation. No words mean all.
    """
    view = snapshot.at(now)
    counts = view.articles_per_entity()
    possible = np.flatnonzero(counts > 0 if kind is None else (counts > 0) & view.of_type(kind))
    matching = possible[_matching(view, possible, text)]
    ids = snapshot.names.entities.values
    found = matching[best(counts[matching], lambda place: ids[matching[place]], limit)]
    return tuple(info_of(snapshot, rows) for rows in view.rows_of_each(found))


def info_of(snapshot: Snapshot, rows: Indices) -> EntityInfo:
    """What these rows, all of one entity, say of it."""
    articles = snapshot.rows.article[rows]
    times = snapshot.articles.ranked_at[articles]
    last = times.max()
    newest = np.flatnonzero(times == last)
    newest_row = rows[newest[snapshot.articles.key[articles[newest]].argmax()]]
    label = snapshot.names.labels.values[snapshot.rows.label[newest_row]]
    return EntityInfo(label.entity_id, label.name, label.type, label.short, len(rows), int(times.min()), int(last))


def _matching(view: View, entities: Indices, text: str) -> list[int]:
    """The places of the entities that the text can mean. Most fail at its first word, so that is tried alone."""
    forms, wanted = view.snapshot.names.forms, words(text)
    first = wanted.rstrip().partition(" ")[2].partition(" ")[0]
    labels = view.labels()[entities].tolist()
    hopeful = [place for place, label in enumerate(labels) if f" {first}" in forms[label]]
    return [place for place in hopeful if means(wanted, forms[labels[place]])]
