"""`dateline search`, `similar`, `trends` and `entities`: the service's answers at the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from pydantic import BaseModel

from service.answers import articles as reading
from service.answers import entities as naming
from service.answers import search as searching
from service.answers import trends as trending
from service.answers.models import Article, QueryReading
from service.answers.questions import (
    EntitiesQuestion,
    SearchQuestion,
    SimilarQuestion,
    TrendingArticlesQuestion,
    TrendingEntitiesQuestion,
    ask,
)
from service.answers.trend_models import TrendingArticle, TrendingEntity
from service.cli.commands import Overrides
from service.cli.output import emit, say, table
from service.clock import system_clock
from service.ingesting import store_of
from service.newsroom import Newsroom
from service.settings import load_settings


def search(overrides: Overrides, *, words: Sequence[str], limit: int, as_json: bool, **given: Any) -> None:
    """Print the articles that a query finds."""
    question = ask(SearchQuestion, named(given) | {"q": text_of(words), "page_size": limit})
    with asking(overrides) as newsroom:
        answer = searching.search(newsroom, question)
    if as_json:
        _emit(answer)
        return
    say_how_it_was_read(answer.query)
    _list(hit.article for hit in answer.hits)
    total = answer.total.value
    say(f"{total:,} article{'' if total == 1 else 's'}")


def similar(overrides: Overrides, *, article_id: str, as_json: bool, **given: Any) -> None:
    """Print the articles most like one."""
    question = ask(SimilarQuestion, named(given))
    with asking(overrides) as newsroom:
        answer = reading.similar(newsroom, article_id, question)
    if as_json:
        _emit(answer)
    else:
        _list(item.article for item in answer.items)


def trends(
    overrides: Overrides, *, what: Literal["entities", "articles"], kind: str | None, as_json: bool, **given: Any
) -> None:
    """Print what matters most, and the numbers behind it."""
    parameters = named(given) | {"explain": True}
    with asking(overrides, with_trends=True) as newsroom:
        answer = (
            trending.trends_entities(newsroom, ask(TrendingEntitiesQuestion, parameters | named({"type": kind})))
            if what == "entities"
            else trending.trends_articles(newsroom, ask(TrendingArticlesQuestion, parameters))
        )
    if as_json:
        _emit(answer)
        return
    if answer.fallback or not answer.items:
        say("nothing is in the news more than usual" + ("; these are by volume" if answer.fallback else ""))
    columns = ("rank", what, "status", "score", "now", "usual", "lift", "z", "sources")
    table(columns, [_trend(item) for item in answer.items], numbers=(columns[0], *columns[3:]))


def entities(overrides: Overrides, *, text: str, kind: str | None, as_json: bool, **given: Any) -> None:
    """Print names with their numbers of articles."""
    question = ask(EntitiesQuestion, named(given | {"q": text, "type": kind}))
    with asking(overrides, with_trends=bool(text)) as newsroom:
        answer = naming.entities(newsroom, question)
    if as_json:
        _emit(answer)
        return
    rows = [(item.entity.name, item.entity.type, item.articles, item.entity.id) for item in answer.items]
    table(("name", "type", "articles", "id"), rows, numbers=("articles",))


@contextmanager
def asking(overrides: Overrides, *, with_trends: bool = False) -> Iterator[Newsroom]:
    """Over a store that must be there: asking makes none."""
    settings = load_settings(**overrides)
    newsroom = Newsroom(store_of(settings), settings, system_clock)
    try:
        newsroom.store.refresh()
        newsroom.store.ping()
        if with_trends:
            newsroom.load_trends()
        yield newsroom
    finally:
        newsroom.stop()


def named(given: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, under the names that questions have for them."""
    return {name.removesuffix("_"): value for name, value in given.items() if value is not None}


def text_of(words: Sequence[str]) -> str:
    """The query that the words of a command line are."""
    return " ".join(words).encode(errors="replace").decode()  # a terminal may send bytes that are no UTF-8


def say_how_it_was_read(query: QueryReading) -> None:
    """Say what was made of a query that could not be taken as it stands."""
    if query.problem:
        say(f"read as: {query.read_as} ({query.problem.detail})")
    if query.relaxed:
        say("no article has all of these words; these have some")


def _list(articles: Iterable[Article]) -> None:
    table(
        ("time", "section", "source", "title"),
        [(_time(one), one.section, one.source, one.title) for one in articles],
    )


def _time(article: Article) -> str:
    return (article.published_at or article.seen_at)[:16].replace("T", " ")


def _trend(item: TrendingEntity | TrendingArticle) -> tuple[object, ...]:
    name = item.entity.name if isinstance(item, TrendingEntity) else item.article.title
    return (item.rank, name, item.status, f"{item.score:.1f}", *_why(item), item.sources)


def _why(item: TrendingEntity | TrendingArticle) -> tuple[str, ...]:
    why = item.explain
    numbers = (None,) * 4 if why is None else (why.now, why.expected, why.lift, why.z)
    return tuple("" if number is None else f"{number:.1f}" for number in numbers)


def _emit(answer: BaseModel) -> None:
    emit(answer.model_dump(mode="json", exclude_unset=True, by_alias=True))
