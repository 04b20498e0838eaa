"""What an article page shows."""

from dataclasses import dataclass

from indexer.times import Millis
from service.answers.models import ArticleAnswer
from service.web.address import outward, phrase_path
from service.web.lines import Group, Link, by_type, section_link
from service.web.moments import Moment, moment
from service.web.text import Block, blocks


@dataclass(frozen=True, slots=True)
class Reference:
    """An upstream publisher; `href` only where it is an address that a page may link to."""

    label: str
    href: str | None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """`story` leads to what others write about the same, `original` to where the publisher has it.

    `seen` is shown where the publisher gives no time of its own.
    """

    title: str
    summary: str
    section: Link | None
    labels: list[Link]
    blocks: list[Block]
    source: str | None
    authors: str
    published: Moment | None
    seen: Moment
    story: Link | None
    original: str | None
    refs: list[Reference]
    names: list[Group]


def article_view(article: ArticleAnswer, story: Link | None, now: Millis) -> ArticleView:
    return ArticleView(
        title=article.title,
        summary=article.summary,
        section=section_link(article.section),
        labels=[Link(label, phrase_path(label)) for label in article.labels],
        blocks=blocks(article.body),
        source=article.source,
        authors=", ".join(article.authors),
        published=moment(article.published_at, now) if article.published_at else None,
        seen=moment(article.seen_at, now),
        story=story,
        original=outward(article.url),
        refs=[Reference(ref, outward(ref)) for ref in article.refs],
        names=by_type(article.entities),
    )
