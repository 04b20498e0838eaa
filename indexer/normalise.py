"""Raw records in, articles out. Pure: the moment of arrival is handed in.

A record outside the bounds below is refused rather than cut: it waits in the dead letters, and nothing is lost unseen.
"""

import re
from typing import Final

from indexer.article import Article
from indexer.errors import InvalidArticle
from indexer.sources.dates import is_possible, parse_date
from indexer.sources.identity import host_of, text_id, url_id, web_address
from indexer.sources.records import Found
from indexer.sources.sections import section_name
from indexer.sources.text import clean, one_line, opening
from indexer.store.port import Json
from indexer.times import Millis, to_text

LONGEST_BODY: Final = 5_000_000
LONGEST_SUMMARY: Final = 100_000
LONGEST_TITLE: Final = 2_000
LONGEST_URL: Final = 4_000
LONGEST_LABEL: Final = 200
MOST_LABELS: Final = 100

_ID: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~-]{1,200}")
"""Without "." and "..": in an address they mean something else (RFC 3986, 3.3)."""
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE | re.DOTALL)
_JSON_TYPES: Final = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


class Normaliser:
    """`article_from` over a run: remembers the last date of the file it is in, for undated records under replay."""

    def __init__(self, *, replay: bool = False) -> None:
        self._replay = replay
        self._origin = ""
        self._last_date: Millis | None = None

    def article(self, found: Found, now: Millis) -> Article:
        """The article of one record. InvalidArticle says why there is none."""
        if found.origin != self._origin:
            self._origin, self._last_date = found.origin, None
        article = article_from(found.fields, seen_at=now, replay=self._replay, last_date=self._last_date)
        self._last_date = self._last_date if article.published_at is None else article.published_at
        return article


def article_from(fields: Json, *, seen_at: Millis, replay: bool = False, last_date: Millis | None = None) -> Article:
    """The article that a record describes, seen now; InvalidArticle says why there is none.

    A `published_at` of None means that the record has no date, or an impossible one. With `replay`, the article was
    seen when the record says (`seen_at`, else `published_at`), an undated one at `last_date`, but none after now.
    """
    summary, body = _text(fields, "summary", LONGEST_SUMMARY), _text(fields, "body", LONGEST_BODY)
    title = _line(fields, "title", LONGEST_TITLE) or opening(summary or body)
    if not title:
        raise InvalidArticle("no text: title, summary and body are all missing or empty")
    url = web_address(_line(fields, "url", LONGEST_URL))
    source = _line(fields, "source", LONGEST_LABEL)
    said = parse_date(fields.get("published_at"))
    published = said if said is not None and is_possible(said, seen_at) else None
    seen = _seen_before(fields, published, last_date, seen_at) if replay else seen_at
    return Article(
        id=_id(fields, url) or text_id(source, title, "" if said is None else to_text(said)),
        title=title,
        summary=summary,
        body=body,
        url=url,
        section=section_name(_line(fields, "section", LONGEST_LABEL)) or None,
        labels=_lines(fields, "labels"),
        source=source or (host_of(url) if url else "") or None,
        refs=_lines(fields, "refs"),
        authors=_lines(fields, "authors"),
        language=_language(_line(fields, "language", LONGEST_LABEL)),
        published_at=published,
        modified_at=_possible_date(fields, "modified_at", seen_at),
        seen_at=seen,
        ranked_at=seen if published is None else min(published, seen),
    )


def _id(fields: Json, url: str | None) -> str | None:
    given = fields.get("id")
    if given is None:
        return url_id(url) if url else None
    text = _string("id", given)
    if not _ID.fullmatch(text):
        raise InvalidArticle(
            f"the id {_shown(text)} is not 1 to 200 characters of A-Z a-z 0-9 . _ ~ -, other than . and .."
        )
    return text


def _seen_before(fields: Json, published: Millis | None, last_date: Millis | None, now: Millis) -> Millis:
    candidates = (_possible_date(fields, "seen_at", now), published, last_date, now)
    return min(now, next(moment for moment in candidates if moment is not None))


def _possible_date(fields: Json, name: str, now: Millis) -> Millis | None:
    moment = parse_date(fields.get(name))
    return moment if moment is not None and is_possible(moment, now) else None


def _text(fields: Json, name: str, longest: int) -> str:
    value = fields.get(name)
    return clean(_bounded(name, value, longest)) if value is not None else ""


def _line(fields: Json, name: str, longest: int) -> str:
    value = fields.get(name)
    return one_line(_bounded(name, value, longest)) if value is not None else ""


def _lines(fields: Json, name: str) -> tuple[str, ...]:
    value = fields.get(name)
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    if len(values) > MOST_LABELS:
        raise InvalidArticle(f"{name} has {len(values):,} values, more than {MOST_LABELS}")
    lines = (one_line(_bounded(name, item, LONGEST_LABEL)) for item in values)
    return tuple(dict.fromkeys(line for line in lines if line))


def _bounded(name: str, value: object, longest: int) -> str:
    text = _string(name, value)
    if len(text) > longest:
        raise InvalidArticle(f"{name} is too large: {len(text):,} characters, more than {longest:,}")
    return text


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise InvalidArticle(f"{name} is {_JSON_TYPES.get(type(value), 'empty')}, not text")
    return value


def _language(tag: str) -> str | None:
    match = _LANGUAGE.fullmatch(tag)
    return match[1].lower() if match else None


def _shown(text: str) -> str:
    return repr(text) if len(text) <= LONGEST_LABEL else f"{text[:50]!r}… ({len(text):,} characters)"
