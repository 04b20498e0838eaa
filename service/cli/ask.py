"""`dateline search`, `similar`, `trends` and `entities`: the service's answers at the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

from pydantic import BaseModel

from indexer.errors import InvalidParameter
from service.answers import articles as reading
from service.answers import entities as naming
from service.answers import search as searching
from service.answers import trends as trending
from service.answers.models import Article, Hit, QueryReading
from service.answers.questions import (
    EntitiesQuestion,
    SearchQuestion,
    SimilarQuestion,
    ask,
)
from service.answers.trend_models import (
    TrendingArticle,
    TrendingArticlesAnswer,
    TrendingEntitiesAnswer,
    TrendingEntity,
    TrendingStoriesAnswer,
    TrendingStory,
)
from service.answers.trend_questions import TrendingArticlesQuestion, TrendingEntitiesQuestion, TrendingStoriesQuestion
from service.cli.commands import Overrides
from service.cli.output import emit, minute, say, table
from service.clock import system_clock
from service.ingesting import store_of
from service.newsroom import Newsroom
from service.settings import load_settings

_COLUMNS: Final = ("time", "section", "source", "title")
_NUMBERS: Final = ("score", "now", "usual", "lift", "z", "sources")
_What = Literal["entities", "stories", "articles"]
_Item = TrendingEntity | TrendingStory | TrendingArticle
_Answer = TrendingEntitiesAnswer | TrendingStoriesAnswer | TrendingArticlesAnswer


def search(overrides: Overrides, *, words: Sequence[str], limit: int, as_json: bool, **given: Any) -> None:
    """Print the articles that a query finds."""
    question = ask(SearchQuestion, named(given) | {"q": text_of(words), "page_size": limit})
    with asking(overrides) as newsroom:
        answer = searching.search(newsroom, question)
    if as_json:
        _emit(answer)
        return
    say_how_it_was_read(answer.query)
    _list_hits(answer.hits, sized=question.collapse is not None)
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
        list_articles(item.article for item in answer.items)


def trends(overrides: Overrides, *, what: _What, kind: str | None, as_json: bool, **given: Any) -> None:
    """Print what matters most, and the numbers behind it."""
    if kind and what != "entities":
        raise InvalidParameter("type", "--type: only names have a type")
    parameters = named(given) | {"explain": True}
    with asking(overrides, with_trends=True) as newsroom:
        answer = _trends_of(newsroom, what, parameters, named({"type": kind}))
    if as_json:
        _emit(answer)
        return
    _say_what_they_are(answer)
    columns = ("rank", what, "status", *_NUMBERS, *(("id",) if what == "stories" else ()))
    table(columns, [_trend(item) for item in answer.items], numbers=("rank", *_NUMBERS))


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


def _list_hits(hits: Sequence[Hit], *, sized: bool) -> None:
    """With the number of articles of each story, where each is shown once."""
    if not sized:
        list_articles(hit.article for hit in hits)
        return
    rows = [(*_cells(hit.article), hit.story_size) for hit in hits]
    table((*_COLUMNS, "of its story"), rows, numbers=("of its story",))


def list_articles(articles: Iterable[Article]) -> None:
    """Print articles by their titles."""
    table(_COLUMNS, list(map(_cells, articles)))


def _cells(article: Article) -> tuple[str | None, ...]:
    return minute(article.published_at or article.seen_at), article.section, article.source, article.title


def _trends_of(newsroom: Newsroom, what: _What, asked: dict[str, Any], of_names: dict[str, Any]) -> _Answer:
    match what:
        case "entities":
            return trending.trends_entities(newsroom, ask(TrendingEntitiesQuestion, asked | of_names))
        case "stories":
            return trending.trends_stories(newsroom, ask(TrendingStoriesQuestion, asked))
        case "articles":
            return trending.trends_articles(newsroom, ask(TrendingArticlesQuestion, asked))


def _say_what_they_are(answer: _Answer) -> None:
    """Say what a list holds instead of what was asked for, and whether articles have stopped coming."""
    if answer.fallback:
        say("nothing is in the news more than usual" + (f"; {_instead(answer.fallback)}" if answer.items else ""))
    if answer.items and answer.collection.state != "ok":
        say(f"no article has arrived since {answer.collection.since}, which is longer than usual")


def _instead(fallback: str) -> str:
    """What a list holds that would be empty, by its name for it."""
    known = {"volume": "these are the most frequent", "latest": "these are the newest"}
    return known.get(fallback) or f"these are, with a half-life of {fallback.removeprefix('wider:')}"


def _trend(item: _Item) -> tuple[object, ...]:
    row = (item.rank, _title(item), item.status, f"{item.score:.1f}", *_why(item), item.sources)
    return (*row, item.story.id) if isinstance(item, TrendingStory) else row


def _title(item: _Item) -> str:
    match item:
        case TrendingEntity():
            return item.entity.name
        case TrendingStory():
            return item.story.title
        case TrendingArticle():
            return item.article.title


def _why(item: _Item) -> tuple[str, ...]:
    why = item.explain
    numbers = (None,) * 4 if why is None else (why.now, why.expected, why.lift, why.z)
    return tuple("" if number is None else f"{number:.1f}" for number in numbers)


def _emit(answer: BaseModel) -> None:
    emit(answer.model_dump(mode="json", exclude_unset=True, by_alias=True))
