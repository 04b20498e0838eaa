"""Names that are likely none: pronouns, headline words, credits, what has no capital. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from indexer.query.stopwords import STOP_WORDS
from nlp.keys import fold
from service.answers.sightings import Name, Sightings

USUAL: Final = 5
"""A word that as many articles write in small letters is no name by itself."""
LEAST_ARTICLES: Final = 2

_PRONOUNS: Final = frozenset(
    """he her hers herself him himself his i it its itself me mine my myself our ours she their theirs them they
    us we who whom you your yours""".split()  # noqa: SIM905 - words are read, not commas
)
_HEADLINE_WORDS: Final = frozenset(
    """analysis breaking briefing editorial exclusive explainer explained factbox gallery how interview latest
    live news newsletter opinion photos podcast poll quiz recap report review revealed roundup updated update
    updates video videos watch what when where why""".split()  # noqa: SIM905 - words are read, not commas
)
_DAYS: Final = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december today tomorrow yesterday tonight""".split()  # noqa: SIM905 - words are read, not commas
)
_CREDITS: Final = frozenset({"getty", "afp", "reuters", "shutterstock", "zuma", "epa", "pa"})
_MOST_WORDS_OF_CREDIT: Final = 2


@dataclass(frozen=True, slots=True)
class Junk:
    """A name that is likely none, and why."""

    entity: Name
    reason: str


def junk(seen: Sightings) -> list[Junk]:
    """What is likely no name; what is in the most articles first. Names of the catalogue are never."""
    doubted = [name for name in seen.names if not name.known and name.articles >= LEAST_ARTICLES]
    found = ((name, next((reason for reason, holds in _RULES.items() if holds(name, seen)), None)) for name in doubted)
    return [Junk(name, reason) for name, reason in found if reason]


def _is_pronoun(name: Name, _: Sightings) -> bool:
    return name.key in _PRONOUNS


def _is_letter(name: Name, _: Sightings) -> bool:
    return sum(map(str.isalnum, name.key)) <= 1


def _is_number(name: Name, _: Sightings) -> bool:
    return not any(map(str.isalpha, name.key))


def _is_small(name: Name, _: Sightings) -> bool:
    """Always without a capital."""
    return all(surface.islower() for surface in name.surfaces)


def _is_headline_word(name: Name, _: Sightings) -> bool:
    """In no more than the words of headlines and little ones; "UP" may well be a name."""
    words = {word for surface in name.surfaces for word in fold(surface).split()}
    written_as_name = all(map(str.isupper, name.surfaces))
    return bool(words) and not written_as_name and all(word in _HEADLINE_WORDS or word in STOP_WORDS for word in words)


def _is_day(name: Name, _: Sightings) -> bool:
    return bool(name.words) and all(word in _DAYS or word.isdigit() for word in name.words)


def _is_credit(name: Name, _: Sightings) -> bool:
    words = name.key.replace("/", " ").split()
    return len(words) > _MOST_WORDS_OF_CREDIT and not _CREDITS.isdisjoint(words)


def _is_usual_words(name: Name, seen: Sightings) -> bool:
    """Only ever in headlines with capitals all over, of words that articles write in small letters."""
    return name.headline and all(seen.written[word] >= USUAL for word in name.words)


_RULES: Final[dict[str, Callable[[Name, Sightings], bool]]] = {
    "a pronoun": _is_pronoun,
    "a single letter": _is_letter,
    "no letters": _is_number,
    "never with a capital": _is_small,
    "a word of headlines": _is_headline_word,
    "a day or a month": _is_day,
    "a credit of a picture": _is_credit,
    "usual words, only in headlines with capitals all over": _is_usual_words,
}
