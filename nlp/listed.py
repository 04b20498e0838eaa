"""Names that are known from lists, for texts in languages that the model was not made for."""

from collections.abc import Iterable, Iterator

from nlp import gazetteer
from nlp.lines import lines_of
from nlp.mention import Mention, Text
from nlp.resolve import resolve


class ListedNames:
    """An `Extractor` of what the gazetteer lists, and nothing else."""

    name = f"places/{gazetteer.VERSION}"

    def extract(self, texts: Iterable[Text]) -> Iterator[tuple[Mention, ...]]:
        places = gazetteer.load()
        for lines in map(lines_of, texts):
            yield resolve(lines, [[] for _ in lines], places)
