"""The entities of a scope, section x type, scored at one moment."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nlp.mention import EntityType
from service.trends.columns import Bools, Indices
from service.trends.scoring import HISTORY, Explain, Parameters, Scores, Status, lift, score, status
from service.trends.snapshot import View

_NEVER_SURPRISING: Final = 0.5
"""With no more than this decayed count, z is not above 0 and no list holds the entity."""
_AT_A_TIME: Final = 4_096


@dataclass(frozen=True, slots=True)
class Scope:
    """The entities that can matter, and their scores at the same places.

    `articles` are those that count and are of the section. `known`: there are seven days of history.
    """

    view: View
    parameters: Parameters
    articles: Bools
    entities: Indices
    scores: Scores
    known: bool

    def place(self, entity_id: str) -> int | None:
        """The place of an entity; None for one that is not in the scope."""
        number = self.view.snapshot.names.entities.find(entity_id)
        if number is None:
            return None
        place = int(np.searchsorted(self.entities, number))
        return place if place < len(self.entities) and self.entities[place] == number else None

    def status(self, place: int) -> Status:
        """What to call the entity at a place."""
        return status(float(self.scores.z[place]), float(self.scores.expected[place]), known=self.known)

    def explain(self, place: int) -> Explain:
        """Why the entity at a place stands where it does."""
        now, expected = float(self.scores.now[place]), float(self.scores.expected[place])
        return Explain(now, expected, lift(now, expected), float(self.scores.z[place]), self.parameters.half_life)


def score_scope(view: View, parameters: Parameters) -> Scope:
    """Score every entity of the scope that can be in a list or can lift an article."""
    now = view.decayed(parameters.half_life, parameters.section)
    usual = np.maximum(view.decayed(parameters.baseline_half_life, parameters.section) - now, 0)
    if parameters.type is not None:
        of_type = view.of_type(parameters.type)
        now, usual = now * of_type, usual * of_type
    entities = np.flatnonzero(now > _NEVER_SURPRISING)
    scores = score(now[entities], usual[entities], float(now.sum()), float(usual.sum()), parameters.novelty)
    articles = view.within(parameters.section)
    return Scope(view, parameters, articles, entities, scores, _is_known(view, parameters.type, articles))


def _is_known(view: View, kind: EntityType | None, within: Bools) -> bool:
    """Whether one of the articles names an entity of the type and is at least seven days old."""
    columns = view.snapshot.articles
    articles = np.flatnonzero(within & (columns.ranked_at <= view.now - HISTORY) & (columns.rows > 0))
    if kind is None:
        return len(articles) > 0
    of_type = view.of_type(kind)
    slices = (articles[start : start + _AT_A_TIME] for start in range(0, len(articles), _AT_A_TIME))
    return any(of_type[view.snapshot.rows.entity[view.snapshot.rows_of_articles(part)]].any() for part in slices)
