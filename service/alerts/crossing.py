"""What becomes an alert at one moment, and what is one no more: a pure function of what had been seen by then."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.decisions.decision import STORY, is_story
from indexer.times import DAY, Millis
from service.alerts.alert import Alert
from service.trends.columns import Indices
from service.trends.entities import entity_item
from service.trends.items import TrendingEntity
from service.trends.scope import Scope, score_scope
from service.trends.scoring import Parameters
from service.trends.snapshot import Snapshot, View
from service.trends.stories import score_stories, story_item

RAISED: Final = 3.0
"""At this z an alert is raised. Nothing of less than four articles' worth is that surprising."""
CLEARED: Final = 1.5
"""Below this z it is cleared. In between it stays what it was, so that it does not flicker."""
SOURCES: Final = 2
"""How many sources must have it: what one alone repeats is no news."""
_PARAMETERS: Final = Parameters(min_sources=SOURCES)
_NONE: Final = float("-inf")


@dataclass(frozen=True, slots=True)
class Crossings:
    """The alerts that begin at a moment, and those of before that end."""

    raised: tuple[Alert, ...]
    cleared: tuple[Alert, ...]


def crossings(
    snapshot: Snapshot, moment: Millis, standing: Collection[Alert], resolve: Callable[[str], str]
) -> Crossings:
    """What crosses the bounds at a moment, where these alerts stand.

    `resolve` leads from an id to the one that it was merged into since. A newsroom without seven days of history raises
    nothing.
    """
    scope = score_scope(snapshot.at(moment), _PARAMETERS)
    held = {resolve(alert.subject) for alert in standing}
    z = _of_entities(scope, held) | _of_stories(scope.view)
    rising = sorted(subject for subject, surprise in z.items() if surprise >= RAISED and subject not in held)
    alerts = (_alert(scope.view, subject) for subject in rising if scope.known)
    return Crossings(
        raised=tuple(alert for alert in alerts if alert is not None and alert.sources >= SOURCES),
        cleared=tuple(alert for alert in standing if z.get(resolve(alert.subject), _NONE) < CLEARED),
    )


def _of_entities(scope: Scope, held: Collection[str]) -> dict[str, float]:
    """The z of those held, and of all others that can be surprising enough: no source limited, z is never lower."""
    places = {place for subject in held if (place := scope.place(subject)) is not None}
    high = np.array(sorted(places.union(np.flatnonzero(scope.scores.z >= RAISED).tolist())), np.intp)
    ids = scope.view.snapshot.names.entities.values
    z = scope.limited(high, scope.members(high)).z.tolist()
    return dict(zip((ids[number] for number in scope.entities[high]), z, strict=True))


def _of_stories(view: View) -> dict[str, float]:
    """The z of all that can be alerts."""
    stories = score_stories(view, _PARAMETERS)
    high = np.flatnonzero(stories.scores.z >= CLEARED).tolist()
    return {f"{STORY}{stories.name(place)}": float(stories.scores.z[place]) for place in high}


def _alert(view: View, subject: str) -> Alert | None:
    """What shows that something is in the news more than usual."""
    find, item_id = (story_item, subject.removeprefix(STORY)) if is_story(subject) else (entity_item, subject)
    item = find(view.snapshot, _PARAMETERS, view.now, item_id)
    if item is None:
        return None
    return Alert(
        subject=subject,
        name=item.entity.name if isinstance(item, TrendingEntity) else "",
        type=item.entity.type if isinstance(item, TrendingEntity) else None,
        raised_at=view.now,
        z=item.explain.z,
        now=item.explain.now,
        expected=item.explain.expected,
        lift=item.explain.lift,
        articles=item.articles,
        sources=item.sources,
        sections=_sections(view, subject),
        evidence=item.evidence,
    )


def _sections(view: View, subject: str) -> tuple[str, ...]:
    """The sections of the articles of the last day, the most frequent first."""
    articles, names = _articles(view, subject), view.snapshot.names.sections.values
    recent = articles[view.is_recent(articles, DAY)]
    counts = Counter(names[number] for number in view.snapshot.articles.section[recent].tolist())
    named = ((-count, name) for name, count in counts.items() if name is not None)
    return tuple(name for _, name in sorted(named))


def _articles(view: View, subject: str) -> Indices:
    names, columns = view.snapshot.names, view.snapshot.articles
    if is_story(subject):
        return np.flatnonzero(view.counted & (columns.story == names.stories.find(subject.removeprefix(STORY))))
    rows, _ = view.rows_of(np.array([names.entities.find(subject)], np.intp))
    return view.snapshot.rows.article[rows]
