"""The entities of a scope, section x type, scored at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nlp.mention import EntityType
from service.trends.columns import Bools, Floats, Indices
from service.trends.history import Members, Standing, levels, members_of, standings, sums_by_source
from service.trends.scoring import HISTORY, RECENT_HALF_LIVES, Level, Parameters, Scores, Status, score
from service.trends.snapshot import View
from service.trends.sources import counted, needed, share_counted
from service.trends.status import status

_NEVER_SURPRISING: Final = 0.5
"""With no more than this decayed count, z is not above 0 and no list holds the entity."""
_AT_A_TIME: Final = 4_096


@dataclass(frozen=True, slots=True)
class Scope:
    """The entities that can matter, and their scores at the same places; no source is limited in these.

    `articles` are those that count and are of the section. `known`: there are seven days of history. An item must be
    from `least` sources.
    """

    view: View
    parameters: Parameters
    articles: Bools
    entities: Indices
    usual: Floats
    level: Level
    scores: Scores
    known: bool
    least: int

    def place(self, entity_id: str) -> int | None:
        """The place of an entity; None for one that is not in the scope."""
        number = self.view.snapshot.names.entities.find(entity_id)
        if number is None:
            return None
        place = int(np.searchsorted(self.entities, number))
        return place if place < len(self.entities) and self.entities[place] == number else None

    def status(self, place: int) -> Status:
        """What to call the entity at a place by this moment alone."""
        return status(float(self.scores.z[place]), float(self.scores.expected[place]), known=self.known)

    def recent(self, articles: Indices) -> Bools:
        """Which of some articles that count are of the scope, and of the last three half-lives."""
        recent = self.view.is_recent(articles, RECENT_HALF_LIVES * self.parameters.half_life)
        return recent & self.articles[articles]

    def members(self, places: Indices) -> Members:
        """The articles of the scope that name the entities at some places."""
        rows, owners = self.view.rows_of(self.entities[places], self.parameters.section)
        return Members(self.view.snapshot.rows.article[rows], owners, len(places))

    def weighing(self, places: Indices) -> Members:
        """The articles of the scope that name the entities at some places and still weigh something."""
        rows, owners = self.view.rows_of(self.entities[places], self.parameters.section, self.parameters.half_life)
        return Members(self.view.snapshot.rows.article[rows], owners, len(places))

    def naming(self, rows: Sequence[Indices]) -> Members:
        """The articles of the scope that name some entities, given all their rows."""
        articles = (self.view.snapshot.rows.article[rows_of_it] for rows_of_it in rows)
        return members_of([one[self.articles[one]] for one in articles])

    def limited(self, places: Indices, members: Members) -> Scores:
        """The scores of the entities at some places, when the loudest source of each is limited."""
        if self.least == 1:
            return self.scores.at(places)
        sums = sums_by_source(self.view, members, self.parameters.half_life, np.array([self.view.now]))
        now = counted(sums[0], self.least).sum(axis=1)
        return score(now, self.usual[places], self.level, self.parameters.novelty)

    def standings(self, members: Members) -> list[Standing]:
        """What to call entities, and since when."""
        scope = levels(self.view, self.parameters, self.level, self.least, names=True)
        return standings(self.view, self.parameters, members, scope, self.least, known=self.known)


def score_scope(view: View, parameters: Parameters, floor: float = _NEVER_SURPRISING) -> Scope:
    """Score every entity of the scope that can be in a list or can lift an article: with more volume than the floor."""
    now = view.decayed(parameters.half_life, parameters.section)
    usual = np.maximum(view.decayed(parameters.baseline_half_life, parameters.section) - now, 0)
    if parameters.type is not None:
        of_type = view.of_type(parameters.type)
        now, usual = now * of_type, usual * of_type
    least = needed(view, parameters)
    of_late = view.decayed(RECENT_HALF_LIVES * parameters.half_life, parameters.section) / RECENT_HALF_LIVES
    if parameters.type is not None:
        of_late = of_late * of_type
    counting = _counting(view, parameters, least)
    level = Level(float(now.sum()) * counting, float(usual.sum()), float(of_late.sum()) * counting)
    entities = np.flatnonzero(now > floor)
    scores = score(now[entities], usual[entities], level, parameters.novelty)
    articles = view.within(parameters.section)
    known = is_known(view, parameters.type, articles)
    return Scope(view, parameters, articles, entities, usual[entities], level, scores, known, least)


def _counting(view: View, parameters: Parameters, least: int) -> float:
    """The part of what is named now that counts when the loudest source of the section is limited."""
    if least == 1:
        return 1.0
    return float(share_counted(view.by_source(parameters.half_life, parameters.section, names=True), least))


def is_known(view: View, kind: EntityType | None, within: Bools) -> bool:
    """Whether one of the articles names an entity of the type and is at least seven days old."""
    columns = view.snapshot.articles
    old = within & (columns.ranked_at <= view.now - HISTORY) & (columns.rows > 0)
    if kind is None:
        return bool(old.any())
    articles = np.flatnonzero(old)
    of_type = view.of_type(kind)
    slices = (articles[start : start + _AT_A_TIME] for start in range(0, len(articles), _AT_A_TIME))
    return any(of_type[view.snapshot.rows.entity[view.snapshot.rows_of_articles(part)]].any() for part in slices)
