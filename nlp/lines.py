"""A text as lines: models and patterns never see across the end of one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise, zip_longest
from typing import Final

from nlp.mention import Part, Text

_LONGEST: Final = 5_000
_NARROWEST: Final = 40
_WIDEST: Final = 100
_WORD: Final = re.compile(r"[^\W\d_][^\W_]*")
_SHORT_WORD: Final = 3
_SHORTEST_HEADLINE: Final = 3
_PRONOUN: Final = re.compile(
    r"\b((?:LEFT|GIVE|GAVE|TELL|TOLD|SAVE|SHOW|MAKE|MADE|HELP|LOVE|HATE|KILL|JOIN|LIKE|LET|AMONG|BETWEEN|FAILED|TRUST|TEACH|"
    r"(?:ALL|ONE|TWO|REST|BOTH|NONE|SOME|MOST|MANY) OF) )US\b"
)
_ACRONYMS: Final = frozenset({
    "AFP", "AI", "ANC", "AP", "BBC", "BJP", "BP", "CBS", "CDC", "CDU", "CEO", "CIA", "CNN", "COVID", "DNA", "DRC",
    "ECB", "EU", "FBI", "FDA", "FIFA", "GOP", "HIV", "HSBC", "IAEA", "IBM", "ICC", "ICJ", "IDF", "IMF", "IRS",
    "ISIS", "ISW", "KGB", "MI5", "MI6", "MLB", "MP", "MPS", "NASA", "NATO", "NBA", "NBC", "NFL", "NHL", "NHS",
    "NYPD", "OECD", "OPEC", "PLO", "PM", "RAF", "SNP", "SPD", "TV", "UAE", "UEFA", "UFO", "UK", "UN", "UNESCO",
    "UNICEF", "UNRWA", "US", "USA", "WTO", "WWF",
})  # fmt: skip
_LINKING_WORDS: Final = frozenset({
    "about", "above", "after", "against", "ahead", "along", "amid", "among", "around", "because", "been",
    "before", "behind", "being", "below", "between", "beyond", "during", "from", "have", "into", "like", "near",
    "onto", "over", "since", "than", "that", "their", "they", "this", "through", "toward", "towards", "under",
    "until", "upon", "versus", "when", "where", "which", "while", "whose", "will", "with", "within", "without",
    "your",
})  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of one part. `offset` is where it starts in the part, in code points."""

    part: Part
    offset: int
    text: str

    @cached_property
    def is_prose(self) -> bool:
        """Whether case tells names from words here: not in Title Case, and not in capitals."""
        return any(len(word) > _SHORT_WORD and word not in _LINKING_WORDS for word in self._lower_case_words())

    @cached_property
    def lower_case_words(self) -> frozenset[str]:
        return frozenset(self._lower_case_words())

    def _lower_case_words(self) -> Iterator[str]:
        return (match[0] for match in _WORD.finditer(self.text) if match[0].islower())


def lines_of(text: Text) -> list[Line]:
    """The lines that say anything, in reading order; a line of thousands of characters comes in pieces.

    A headline in capitals is read in Title Case, of which models know more.
    """
    parts: tuple[tuple[Part, str], ...] = (("title", text.title), ("summary", text.summary), ("body", text.body))
    pieces = ((part, *piece) for part, content in parts for piece in _pieces(content))
    return [Line(part, offset, _cased(piece) if part == "title" else piece) for part, offset, piece in pieces]


def _cased(line: str) -> str:
    """The line in Title Case if it is in capitals; no letter moves. Well-known acronyms stay, but WHO may be a word."""
    words = _WORD.findall(line) if line.isupper() else ()
    return _WORD.sub(_titled, _PRONOUN.sub(r"\1us", line)) if len(words) >= _SHORTEST_HEADLINE else line


def _titled(match: re.Match[str]) -> str:
    word, titled = match[0], match[0].capitalize()
    if word.islower():
        return word
    is_acronym = word in _ACRONYMS or (match.string.startswith(".", match.end()) and len(word) == 1)
    return word if is_acronym or len(titled) != len(word) else titled


def _pieces(content: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in _unwrapped(content).splitlines(keepends=True):
        yield from _cut(line, offset) if line.strip() else ()
        offset += len(line)


def _unwrapped(content: str) -> str:
    """The content with a space for every line end inside a paragraph, if it was wrapped to a width of its own."""
    lines = content.split("\n")
    if not (width := _wrapped_at(lines)):
        return content
    separators = [
        " " if after[:1].strip() and (number == 0 or 2 * len(line) > width) else "\n"
        for number, (line, after) in enumerate(pairwise(lines))
    ]
    return "".join(chain.from_iterable(zip_longest(lines, separators, fillvalue="")))


def _wrapped_at(lines: Sequence[str]) -> int:
    """The width that lines were wrapped at; 0 if they are paragraphs, headlines or a list, a line each.

    Wrapped prose ends its lines where the next word finds no room, and goes on in lower case at least once.
    A blank line or an indent starts a paragraph.
    """
    inner = [(line, after) for line, after in pairwise(lines) if line.strip() and after[:1].strip()]
    width = max((len(line) for line, _ in inner), default=0)
    if not _NARROWEST <= width <= _WIDEST or not any(after[0].islower() for _, after in inner):
        return 0
    full = sum(after[0].islower() or len(line) + len(after.split(" ", 1)[0]) >= width for line, after in inner)
    return width if 3 * full >= 2 * len(inner) else 0


def _cut(line: str, offset: int) -> Iterator[tuple[int, str]]:
    """Pieces of a line, none longer than a model should read at once, cut at a space where there is one."""
    start = 0
    while len(line) - start > _LONGEST:
        end = line.rfind(" ", start + 1, start + _LONGEST)
        end = end if end > 0 else start + _LONGEST
        yield offset + start, line[start:end]
        start = end
    yield offset + start, line[start:].rstrip()
