"""Articles and entities of the store in the shapes of the answers."""

from indexer.article import Article, Entity
from indexer.times import Millis, to_text
from service.answers import models


def shown(article: Article, *, with_body: bool = False) -> models.Article:
    """An article as lists show it."""
    return models.Article.model_validate(fields_of(article) | ({"body": article.body} if with_body else {}))


def shown_whole(article: Article) -> models.ArticleAnswer:
    """An article with its body."""
    return models.ArticleAnswer.model_validate({**fields_of(article), "body": article.body})


def shown_entity(entity: Entity) -> models.Entity:
    """An entity as an article names it."""
    return models.Entity(id=entity.id, name=entity.name, short=entity.short, type=entity.type)


def text_of(moment: Millis | None) -> str | None:
    """A moment as text, if there is one."""
    return None if moment is None else to_text(moment)


def fields_of(article: Article) -> dict[str, object]:
    """The fields of an article as lists show it."""
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "section": article.section,
        "labels": article.labels,
        "source": article.source,
        "refs": article.refs,
        "authors": article.authors,
        "language": article.language,
        "published_at": text_of(article.published_at),
        "seen_at": to_text(article.seen_at),
        "story": article.story or None,
        "entities": [
            {"id": entity.id, "name": entity.name, "short": entity.short, "type": entity.type, "count": entity.count}
            for entity in article.entities
        ],
    }
