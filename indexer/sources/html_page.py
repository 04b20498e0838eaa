"""HTML pages: the text by trafilatura, the facts as the publisher marks them up (schema.org, Open Graph, time)."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import trafilatura

from indexer.errors import UnreadableSource
from indexer.sources.dates import parse_date
from indexer.sources.identity import host_of, text_id, web_address
from indexer.sources.sections import section_in
from indexer.sources.text import from_html, one_line
from indexer.store.port import Json

_ARTICLE_TYPES: Final = ("Article", "BlogPosting", "Report")


@dataclass(frozen=True, slots=True)
class _Markup:
    """What a page says about itself: its schema.org article (empty if none) and its meta elements by name."""

    article: Json
    meta: dict[str, list[str]]
    times: Sequence[str]
    canonical: str
    heading: str
    language: str | None

    def named(self, *names: str) -> str:
        return next((values[0] for name in names if (values := self.meta.get(name))), "")


def read_html_page(content: bytes, url: str | None = None) -> Json:
    """The fields of the article on a page. UnreadableSource if there is none."""
    tree = trafilatura.load_html(content)
    if tree is None:
        raise UnreadableSource("not an HTML page")
    markup = _markup(tree)
    text = trafilatura.extract(tree, include_comments=False) or _said(markup.article, "articleBody")
    if not text and not markup.article:
        raise UnreadableSource("no article found on this page")
    return _fields(markup, text, url)


def _markup(tree: Any) -> _Markup:
    headings = [*tree.iter("h1"), *tree.iter("title")]
    return _Markup(
        article=next(_articles(tree), {}),
        meta=_meta(tree),
        times=[moment.get("datetime", "") for moment in tree.iter("time")],
        canonical=next((link.get("href", "") for link in tree.iter("link") if link.get("rel") == "canonical"), ""),
        heading=next((text for heading in headings if (text := one_line(heading.text_content()))), ""),
        language=tree.get("lang"),
    )


def _meta(tree: Any) -> dict[str, list[str]]:
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and element.get("content"):
            meta.setdefault(name.lower(), []).append(element.get("content"))
    return meta


def _articles(tree: Any) -> Iterator[Json]:
    for script in tree.iter("script"):
        if script.get("type", "").lower() == "application/ld+json":
            yield from _articles_in(_json(script.text or ""))


def _articles_in(value: Any) -> Iterator[Json]:
    things = deque(_listed(value))  # not recursive: a page may nest them deeper than Python goes
    while things:
        thing = things.popleft()
        if isinstance(thing, dict):
            if any(isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES) for kind in _listed(thing.get("@type"))):
                yield thing
            things.extend(_listed(thing.get("@graph")))


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # other facts of the page still stand
        return None


def _fields(markup: _Markup, text: str, url: str | None) -> Json:
    article = markup.article
    address = _address(markup, url)
    section, *more_sections = _strings(article.get("articleSection")) or [markup.named("article:section")]
    fields: Json = {
        "title": _said(article, "headline") or markup.named("og:title") or markup.heading,
        "summary": _said(article, "description") or markup.named("og:description", "description"),
        "body": text,
        "url": address,
        "source": _name(article.get("publisher")) or markup.named("og:site_name"),
        "section": section or (section_in(address) if address else None),
        "labels": [*more_sections, *_keywords(markup)],
        "authors": _names(article.get("author")) or markup.meta.get("author"),
        "language": next(iter(_strings(article.get("inLanguage"))), markup.language),
        "published_at": _said(article, "datePublished") or markup.named("article:published_time", "datepublished"),
        "modified_at": _said(article, "dateModified") or markup.named("article:modified_time", "datemodified"),
    }
    return fields if parse_date(fields["published_at"]) is not None else _dated_by_what_it_shows(fields, markup)


def _dated_by_what_it_shows(fields: Json, markup: _Markup) -> Json:
    shown = [moment for moment in markup.times if parse_date(moment) is not None]
    if not shown:
        return fields
    dated = {**fields, "published_at": max(shown, key=_moment)}
    if fields["url"] is None:  # what a page shows may change from day to day: it is not part of which article it is
        dated["id"] = text_id(one_line(fields["source"]), one_line(fields["title"]), "")
    return dated


def _address(markup: _Markup, url: str | None) -> str | None:
    said = (markup.canonical, markup.named("og:url"), _said(markup.article, "url"))
    known = [address for candidate in said if (address := web_address(candidate))]
    # A page may not speak for another site's.
    return next((address for address in known if url is None or host_of(address) == host_of(url)), url)


def _keywords(markup: _Markup) -> list[str]:
    said = markup.article.get("keywords") or markup.meta.get("article:tag") or markup.named("news_keywords", "keywords")
    return [part.strip() for text in _strings(said) for part in text.split(",")]


def _said(holder: Json, name: str) -> str:
    return next(iter(_strings(holder.get(name))), "")


def _strings(value: Any) -> list[str]:
    # Publishers often escape twice: "AT&amp;T" inside JSON.
    return [from_html(text) for text in _listed(value) if isinstance(text, str)]


def _names(people: Any) -> list[str]:
    return [name for person in _listed(people) if (name := _name(person))]


def _name(thing: Any) -> str:
    first = next(iter(_listed(thing)), None)
    return _said(first, "name") if isinstance(first, dict) else first if isinstance(first, str) else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _moment(text: str) -> int:
    moment = parse_date(text)
    return -1 if moment is None else moment
