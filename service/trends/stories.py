"""The stories that matter now: what many write about at once, versus usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

import numpy as np

from indexer.stories.representative import READ, representative
from indexer.times import Millis
from service.trends.columns import Bools, Floats, Indices, Ints
from service.trends.diversity import Placed, cosine, diversify
from service.trends.entities import SPARE
from service.trends.evidence import SHOWN, evidence
from service.trends.history import Members, levels, members_of, standings, sums, sums_by_source
from service.trends.items import TrendingStory
from service.trends.scope import is_known
from service.trends.scoring import FEWEST, RECENT_HALF_LIVES, Level, Parameters, Scores, best, explain, listed, score
from service.trends.snapshot import NEGLIGIBLE, UNGROUPED, Label, Snapshot, View, split
from service.trends.sources import count_sources, counted, needed, sources_of_each, together

ALGORITHM: Final = "story-p75/2"
_NAMES: Final = 5
_FIRST: Final = 1e12
_LOOKED_AT: Final = 50
"""How many of the newest articles are looked at for each story wanted."""
_ROUNDING: Final = 1e-6


class _Facts(TypedDict):
    story_id: str
    article_id: str
    entities: tuple[Label, ...]
    articles: int
    sources: int
    first_seen: Millis
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of a section that can matter: their numbers, and at the same places their scores.

    `members` are their articles. An item must be from `least` sources; `enough` says which are.
    """

    view: View
    parameters: Parameters
    numbers: Indices
    members: Members
    level: Level
    scores: Scores
    least: int
    enough: Bools

    def name(self, place: int) -> str:
        """The id of a story."""
        snapshot, number = self.view.snapshot, int(self.numbers[place])
        known = snapshot.names.story_count
        return snapshot.names.stories.values[number] if number < known else snapshot.articles.ids[number - known]

    def articles(self, places: Indices) -> list[Indices]:
        """The articles of the stories at some places."""
        wanted = np.full(self.members.number, -1)
        wanted[places] = np.arange(len(places))
        owners = wanted[self.members.owners]
        return split(self.members.articles[owners >= 0], owners[owners >= 0], len(places))

    def recent(self, articles: Indices) -> Indices:
        """Those of the last three half-lives."""
        return articles[self.view.is_recent(articles, RECENT_HALF_LIVES * self.parameters.half_life)]

    def telling(self, articles: Indices) -> Indices:
        """Those of the last three half-lives, or where there is none, all."""
        recent = self.recent(articles)
        return recent if len(recent) else articles


def trending_stories(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingStory, ...]:
    """The stories that matter most at `now`, best first but for their diversity; ties by id."""
    stories = score_stories(snapshot.at(now), parameters)
    pool = _best(stories, parameters.limit + (SPARE if parameters.diversity else 0))
    likeness = _likeness(stories, pool) if parameters.diversity else np.zeros((len(pool), len(pool)))
    order = diversify(stories.scores.score[pool], likeness, parameters.diversity, parameters.limit)
    return _items(stories, pool, order)


def story_item(snapshot: Snapshot, parameters: Parameters, now: Millis, story_id: str) -> TrendingStory | None:
    """How one story stands, be it in the list or not; None if nothing in the section is about it."""
    number = snapshot.names.stories.find(story_id)
    items = () if number is None else _chosen(snapshot.at(now), parameters, np.array([number]))
    return items[0] if items else None


def latest_stories(snapshot: Snapshot, parameters: Parameters, now: Millis) -> tuple[TrendingStory, ...]:
    """The stories of the newest articles, newest first; an article in none is one of its own."""
    view = snapshot.at(now)
    newest = view.newest(np.flatnonzero(view.within(parameters.section)), _LOOKED_AT * parameters.limit)
    told, first = np.unique(_tellings(snapshot)[newest], return_index=True)
    return _chosen(view, parameters, told[np.argsort(first)][: parameters.limit])


def are_grouped(view: View, section: str | None) -> bool:
    """Whether any article of a section is in a story."""
    return bool(np.any(view.snapshot.articles.story[view.within(section)] != UNGROUPED))


def score_stories(view: View, parameters: Parameters) -> Stories:
    """Score every story of a section with as many articles as a list wants. An article in none is one of its own."""
    return _scored(view, parameters, *_members(view, parameters))


def _scored(view: View, parameters: Parameters, members: Members, numbers: Indices) -> Stories:
    now = np.array([view.now])
    by_source = sums_by_source(view, members, parameters.half_life, now)[0]
    slow = sums(view, members, parameters.baseline_half_life, now)[0]
    least = needed(view, parameters)
    counting = counted(by_source, least)
    usual = np.maximum(slow - by_source.sum(axis=1), 0)
    level = _level(view, parameters, least)
    return Stories(
        view=view,
        parameters=parameters,
        numbers=numbers,
        members=members,
        level=level,
        scores=score(counting.sum(axis=1), usual, level, parameters.novelty, together(counting)),
        least=least,
        enough=_sources(view, parameters, members) >= least,
    )


def _members(view: View, parameters: Parameters) -> tuple[Members, Indices]:
    """The articles of the stories that can be in a list, and the numbers of these stories."""
    stories, within = view.snapshot.articles.story, view.within(parameters.section)
    lasting = view.is_recent(slice(None), NEGLIGIBLE * parameters.half_life)
    fresh, weights = view.weighed(
        np.flatnonzero(within & lasting & (stories != UNGROUPED)), view.now, parameters.half_life
    )
    volumes = np.bincount(stories[fresh], weights, view.snapshot.names.story_count)
    numbers = np.flatnonzero(volumes >= FEWEST - _ROUNDING)
    return _members_of(within, stories, numbers), numbers


def _chosen(view: View, parameters: Parameters, numbers: Indices) -> tuple[TrendingStory, ...]:
    """These stories in this order, as far as there are articles of the section about them."""
    members = _members_of(view.within(parameters.section), _tellings(view.snapshot), numbers)
    stories = _scored(view, parameters, members, numbers)
    there = [place for place in range(len(numbers)) if np.any(members.owners == place)]
    return _items(stories, np.arange(len(numbers)), [Placed(place, None) for place in there])


def _tellings(snapshot: Snapshot) -> Indices:
    """The story of each article; that of one in none has a number beyond those of all others."""
    own = snapshot.names.story_count + np.arange(len(snapshot.articles.story))
    return np.where(snapshot.articles.story == UNGROUPED, own, snapshot.articles.story)


def _members_of(within: Bools, stories: Ints, numbers: Indices) -> Members:
    """The articles of some stories; `stories` are those of all articles."""
    highest = max(stories.max(initial=UNGROUPED), numbers.max(initial=UNGROUPED))
    wanted = np.zeros(highest + 2, np.bool_)  # the last is the place of those in no story
    wanted[numbers] = True
    articles = np.flatnonzero(wanted[stories] & within)
    places = np.zeros(highest + 2, np.intp)
    places[numbers] = np.arange(len(numbers))
    return Members(articles, places[stories[articles]], len(numbers))


def _level(view: View, parameters: Parameters, least: int) -> Level:
    """What is written in the section, and what usually is."""
    fast, slow, of_late = (
        view.by_source(half_life, parameters.section, names=False)
        for half_life in (parameters.half_life, parameters.baseline_half_life, RECENT_HALF_LIVES * parameters.half_life)
    )
    usual = max(float(slow.sum() - fast.sum()), 0.0)
    return Level(_sum(fast, least), usual, _sum(of_late, least) / RECENT_HALF_LIVES)


def _sum(by_source: Floats, least: int) -> float:
    return float(counted(by_source, least).sum())


def _sources(view: View, parameters: Parameters, members: Members) -> Indices:
    """Of how many sources each story is of late."""
    recent = view.is_recent(members.articles, RECENT_HALF_LIVES * parameters.half_life)
    return sources_of_each(view, members.articles[recent], members.owners[recent], members.number)


def _best(stories: Stories, number: int) -> Indices:
    """The places of the best stories that a list may hold; ties by id."""
    allowed = listed(stories.scores, stories.parameters.novelty)
    allowed = allowed[stories.enough[allowed]]
    return allowed[best(stories.scores.score[allowed], lambda place: stories.name(allowed[place]), number)]


def _likeness(stories: Stories, pool: Indices) -> Floats:
    """How often stories name the same."""
    telling = (stories.telling(articles) for articles in stories.articles(pool))
    rows = [stories.view.snapshot.rows_of_articles(articles) for articles in telling]
    naming = members_of(rows)
    return cosine(naming.owners, stories.view.snapshot.rows.entity[naming.articles], naming.number)


def _items(stories: Stories, pool: Indices, order: Sequence[Placed]) -> tuple[TrendingStory, ...]:
    view, parameters = stories.view, stories.parameters
    places = pool[[placed.item for placed in order]] if order else np.empty(0, np.intp)
    articles = stories.articles(places)
    scope = levels(view, parameters, stories.level, stories.least, names=False)
    known = is_known(view, None, view.within(parameters.section))
    standing = standings(view, parameters, members_of(articles), scope, stories.least, known=known)
    demoting = [None if by is None else stories.name(int(pool[by])) for _, by in order]
    return tuple(
        TrendingStory(
            rank=rank,
            score=float(stories.scores.score[place]),
            status=its.status,
            explain=explain(stories.scores, place, parameters.half_life, its.since, by),
            **_facts(stories, place, its_articles),
        )
        for rank, (place, its_articles, its, by) in enumerate(
            zip(places.tolist(), articles, standing, demoting, strict=True), 1
        )
    )


def _facts(stories: Stories, place: int, articles: Indices) -> _Facts:
    """What its articles say of a story."""
    view, columns = stories.view, stories.view.snapshot.articles
    recent, telling = stories.recent(articles), stories.telling(articles)
    standing_for = _representative(view, telling)
    shown = telling if len(recent) >= SHOWN else articles
    return _Facts(
        story_id=stories.name(place),
        article_id=columns.ids[standing_for],
        entities=_common_names(view, telling),
        articles=len(recent),
        sources=count_sources(view, recent),
        first_seen=int(columns.ranked_at[articles].min()),
        evidence=_evidence(stories, shown, standing_for),
    )


def _representative(view: View, articles: Indices) -> int:
    """The article that stands for others."""
    newest = view.newest(articles, READ)
    rows = view.snapshot.rows_of_articles(newest)
    ends = np.cumsum(view.snapshot.articles.rows[newest])[:-1]
    named = [names.tolist() for names in np.split(view.snapshot.rows.entity[rows], ends)]
    return int(newest[representative(named, view.snapshot.articles.ranked_at[newest].tolist())])


def _common_names(view: View, articles: Indices) -> tuple[Label, ...]:
    """The names that most of some articles share; ties by id."""
    found, counts = np.unique(view.snapshot.rows.entity[view.snapshot.rows_of_articles(articles)], return_counts=True)
    ids, labels = view.snapshot.names.entities.values, view.snapshot.names.labels.values
    top = found[best(counts, lambda place: ids[found[place]], _NAMES)]
    return tuple(labels[label] for label in view.labels()[top])


def _coverage(view: View, articles: Indices) -> Floats:
    """How much of what articles name each of them names."""
    entities = view.snapshot.rows.entity[view.snapshot.rows_of_articles(articles)]
    owners = np.repeat(np.arange(len(articles)), view.snapshot.articles.rows[articles])
    _, inverse, counts = np.unique(entities, return_inverse=True, return_counts=True)
    return np.bincount(owners, counts[inverse], len(articles)).astype(np.float64)


def _evidence(stories: Stories, articles: Indices, first: int) -> tuple[str, ...]:
    """The representative first, then those that name most of what all do."""
    aboutness = np.where(articles == first, _FIRST, _coverage(stories.view, articles) + 1)
    return evidence(stories.view, articles, aboutness, stories.parameters.half_life)
