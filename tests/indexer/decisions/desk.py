"""Decisions and mentions for tests, with as little said as the test needs."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from indexer.article import Article, Entity
from indexer.catalogue.catalogue import Catalogue, Entry
from indexer.decisions.deciding import decide
from indexer.decisions.decision import Act, Decision
from indexer.decisions.names import Names
from indexer.store.opening import open_store
from indexer.store.port import Store
from nlp.keys import fold
from nlp.mention import EntityType, Mention

NOON = 1_700_000_000_000
RUSSIA = Entry("place:russia", "Russia", "place", aliases=("Russian Federation",), demonyms=("Russian", "Russians"))
ISW = Entry("organisation:isw", "Institute for the Study of War", "organisation", "ISW")
CATALOGUE = Catalogue([RUSSIA, ISW])


def mention(name: str, type_: EntityType = "person", *, count: int = 1, at: int = 0) -> Mention:
    """A name in a body."""
    return Mention(fold(name), type_, count, "body", at, (name,))


def mentions(*names: str) -> tuple[Mention, ...]:
    """Persons, and organisations where a name is in capitals, one after the other."""
    return tuple(
        mention(name, "organisation" if name.isupper() else "person", at=place) for place, name in enumerate(names)
    )


def article(article_id: str, *names: str, names_now: Names | None = None) -> Article:
    """An article that names persons, projected by names."""
    now = names_now or Names(CATALOGUE)
    found = mentions(*names)
    return now.read(Article(id=article_id, title=f"About {article_id}", seen_at=NOON, ranked_at=NOON, mentions=found))


def ids(entities: Sequence[Entity]) -> list[str]:
    return [entity.id for entity in entities]


def taken(store: Store, *acts: Act) -> list[Decision]:
    """The decisions, taken one after the other."""
    return [decide(store, CATALOGUE, act, who="Jane", why="It is so.", now=NOON) for act in acts]


@contextmanager
def newsroom(folder: Path, *articles: Article) -> Iterator[Store]:
    """An embedded store with some articles."""
    with closing(open_store(f"embedded://{folder}/newsroom")) as store:
        store.prepare()
        store.write(articles)
        store.refresh()
        yield store
