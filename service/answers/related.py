"""Which names belong to a name: those with it in more articles than chance would put them there.

What is ranked is the log-likelihood ratio of the two by two table of articles with one name and with the other
(Dunning 1993). It asks how surprising the table is if the names had nothing to do with each other, so neither what is
everywhere nor what was there once comes first. docs/related.md compares it with other measures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from indexer.query.ast import Named
from indexer.store.port import FacetField, Request, Response, Selection
from indexer.times import to_text
from service.answers import models
from service.answers.entities import known_entity, names
from service.answers.entity_models import RelatedAnswer, RelatedEntity
from service.answers.matching import selection_of
from service.answers.questions import RelatedQuestion, span_of
from service.answers.shown import text_of
from service.newsroom import Newsroom

if TYPE_CHECKING:
    import pandas as pd

CONSIDERED: Final = 1_000
"""The names most often with another that are weighed; a score does not get high on fewer articles than these have."""
MEASURE: Final = "log-likelihood ratio"
FORMULA: Final = (
    "2 * sum(observed * ln(observed / expected)) over the articles with both names, with either one alone, and with"
    " neither; expected = row total * column total / all"
)

_DIGITS: Final = 3

Numbers = NDArray[np.float64]


def related(newsroom: Newsroom, entity_id: str, question: RelatedQuestion) -> RelatedAnswer:
    """The names that belong to one. UnknownId, InvalidParameter, StoreError."""
    now = newsroom.clock()
    selection = selection_of(span_of(question), {"section": question.section})
    data_as_of = newsroom.data_as_of(now)
    entity = known_entity(newsroom, entity_id)
    articles, together = _together(newsroom, selection, entity_id, question)
    everything = newsroom.store.count(selection)
    table = counts_of(together, _alone(newsroom, selection, list(together)))
    ranked = associated(table, articles, everything).head(question.limit)
    return RelatedAnswer(
        entity=entity,
        articles=articles,
        all=everything,
        measure=MEASURE,
        formula=FORMULA,
        items=_items(ranked, names(newsroom, list(ranked["id"]))),
        as_of=to_text(now),
        data_as_of=text_of(data_as_of),
    )


def counts_of(together: Mapping[str, int], alone: Mapping[str, int]) -> "pd.DataFrame":
    """In how many articles names are with another, and in how many at all. Pure.

    Counts that are taken one after the other need not fit while articles come and go: here they do.
    """
    import pandas as pd  # noqa: PLC0415 - it takes time and memory that a service need not spend until it is asked

    table = pd.DataFrame({"id": list(together), "together": list(together.values())})
    table["articles"] = [max(count, alone.get(one, 0)) for one, count in together.items()]
    return table.astype({"together": int, "articles": int})


def associated(table: "pd.DataFrame", articles: int, everything: int) -> "pd.DataFrame":
    """The names of a table that are with another more often than by chance, the highest score first, then by id. Pure.

    `articles` have the other name, of `everything` there is.
    """
    weighed = table.assign(expected=articles * table["articles"] / max(everything, 1))
    found = weighed[weighed["together"] > weighed["expected"]]
    scores = log_likelihood_ratio(
        found["together"].to_numpy(float), articles, found["articles"].to_numpy(float), everything
    )
    scored = found.assign(lift=found["together"] / found["expected"], score=scores)
    return scored.sort_values(["score", "id"], ascending=[False, True])


def log_likelihood_ratio(together: Numbers, articles: float, others: Numbers, everything: float) -> Numbers:
    """Dunning's G2 of the tables of articles with one name and with each of `others`. Pure."""
    neither = np.maximum(everything - articles - others + together, 0)
    cells = _entropy(together, articles - together, others - together, neither)
    margins = _entropy(articles, everything - articles, others, everything - others)
    return np.maximum(2 * (cells - margins + _entropy(everything)), 0)


def _entropy(*counts: Numbers | float) -> Numbers:
    """The sum of x ln x, which is 0 at 0."""
    columns = np.stack(np.broadcast_arrays(*counts))
    total: Numbers = (columns * np.log(np.maximum(columns, 1))).sum(axis=0)
    return total


def _together(
    newsroom: Newsroom, selection: Selection, entity_id: str, question: RelatedQuestion
) -> tuple[int, dict[str, int]]:
    """How many articles have a name, and in how many of them others are, where these are enough."""
    field = question.type or "entity"
    response = newsroom.store.search(
        Request(replace(selection, query=Named(entity_id)), size=0, facets={field: CONSIDERED})
    )
    counts = {value: count for value, count in _counts(response, field).items() if count >= question.min_articles}
    counts.pop(entity_id, None)
    return response.total, counts


def _alone(newsroom: Newsroom, selection: Selection, ids: Sequence[str]) -> dict[str, int]:
    """In how many articles each of some names is."""
    if not ids:
        return {}
    # A facet ignores the filter on its own field, and lists what is chosen there whatever its count is.
    chosen = replace(selection, filters={**selection.filters, "entity": tuple(ids)})
    return _counts(newsroom.store.search(Request(chosen, size=0, facets={"entity": len(ids)})), "entity")


def _counts(response: Response, field: FacetField) -> dict[str, int]:
    found = response.facets[field]
    return {one.value: one.count for one in found.values}  # noqa: PD011 - not of pandas


def _items(ranked: "pd.DataFrame", known: Mapping[str, models.Entity]) -> list[RelatedEntity]:
    rows = ranked.round(_DIGITS).to_dict("records")
    return [RelatedEntity.model_validate({"entity": known[row.pop("id")], **row}) for row in rows if row["id"] in known]
