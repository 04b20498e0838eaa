"""Texts in which people or programs marked the names, read from the files that hold them into one form."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

HELD_OUT: Final = 0.15
"""The share of the documents of wikigold and of the web texts that is never trained on."""

_NO_SPACE_BEFORE: Final = frozenset({".", ",", ":", ";", "!", "?", ")", "]", "}", "%", "'s", "\u2019s", "n't", "..."})
_NO_SPACE_AFTER: Final = frozenset({"(", "[", "{", "$", "\u00a3", "#"})
_LABELS: Final = {
    "person": "PER", "organisation": "ORG", "corporation": "ORG", "group": "ORG", "location": "LOC",
    "product": "MISC", "creative-work": "MISC",
}  # fmt: skip


class Name(NamedTuple):
    """Where a name stands in its text, in code points, and what it is called there."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its names: PER, ORG, LOC, and MISC or NORP where its corpus marks them."""

    text: str
    names: tuple[Name, ...]
    document: str
    part: str = "text"
    marks_misc: bool = True


def headlines(path: Path) -> list[Labelled]:
    """The titles and leads of a file of headlines."""
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Labelled(record["text"], tuple(Name(*name) for name in record["entities"]), record["id"], record["part"])
        for record in records
    ]


def wikigold(folder: Path) -> list[Labelled]:
    return _conll(folder / "wikigold.conll.txt", _last_of(" "))


def web(folder: Path) -> list[Labelled]:
    """The development and test parts of the English Web Treebank. Its training part is not used."""
    return [
        text
        for part in ("dev", "test")
        for text in _conll(folder / f"uner-english-ewt-{part}.iob2", _third_column, marks_misc=False)
    ]


def tweets(folder: Path) -> list[Labelled]:
    return _conll(folder / "wnut17train.conll", _last_of("\t"), marks_misc=False)


def reports(folder: Path) -> list[Labelled]:
    """Reports on defence and security, for evaluation only."""
    return _conll(folder / "re3d-test.conll", _last_of("\t"))


def days(articles: Path) -> Mapping[str, str]:
    """The day on which each article was published, by its id."""
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        return {record["id"]: record["published_at"][:10] for record in map(json.loads, lines)}


def without(texts: Iterable[Labelled], documents: Iterable[str]) -> list[Labelled]:
    left_out = frozenset(documents)
    return [text for text in texts if text.document not in left_out]


def parted(texts: list[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """The texts to train on, and the last documents, which are kept for evaluation."""
    documents = list(dict.fromkeys(text.document for text in texts))
    last = frozenset(documents[round(len(documents) * (1 - HELD_OUT)) :])
    return without(texts, last), [text for text in texts if text.document in last]


def _last_of(separator: str) -> Callable[[str], tuple[str, str]]:
    def split(line: str) -> tuple[str, str]:
        word, _, tag = line.partition(separator)
        return word, tag

    return split


def _third_column(line: str) -> tuple[str, str]:
    _, word, tag, *_ = line.split("\t")
    return word, tag


def _conll(path: Path, columns: Callable[[str], tuple[str, str]], *, marks_misc: bool = True) -> list[Labelled]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        Labelled(*joined(words), f"{path.stem}-{document}", marks_misc=marks_misc)
        for document, words in _sentences(lines, columns)
    ]


def _sentences(
    lines: Iterable[str], columns: Callable[[str], tuple[str, str]]
) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """The tagged words of each sentence, and the number of its document."""
    document = 0
    words: list[tuple[str, str]] = []
    for line in [*lines, ""]:
        if line.startswith(("-DOCSTART-", "# newdoc")):
            document += 1
        elif line.strip() and not line.startswith("# "):
            words.append(columns(line))
        elif not line.strip() and words:
            yield document, words
            words = []


def _possessives(words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The words, an apostrophe and an "s" in one where a corpus parts them."""
    held: tuple[str, str] | None = None
    for word, tag in words:
        if held and word == "s":
            yield "'s", held[1]
            held = None
            continue
        if held:
            yield held
        held = (word, tag) if word == "'" else None
        if not held:
            yield word, tag
    if held:
        yield held


def joined(words: Iterable[tuple[str, str]]) -> tuple[str, tuple[Name, ...]]:
    """A text of words with IOB tags, of either kind, spaced about as a person would, and its names."""
    text = ""
    before, quoted = "", False
    names: list[Name] = []
    inside = ""
    for word, tag in _possessives(words):
        closes = quoted and word == '"'
        if text and not (word in _NO_SPACE_BEFORE or before in _NO_SPACE_AFTER or closes):
            text += " "
        mark, _, kind = tag.partition("-")
        label = _LABELS.get(kind.lower(), kind)
        if label and mark == "I" and label == inside:
            names[-1] = names[-1]._replace(end=len(text) + len(word))
        elif label:
            names.append(Name(len(text), len(text) + len(word), label))
        text, inside = text + word, label
        if word == '"':
            quoted = not quoted
        before = "(" if word == '"' and quoted else word
    return text, tuple(names)
