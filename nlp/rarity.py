"""How rare a word is in news: a fixed function of the word, so that what is weighed by it never shifts."""

from dataclasses import dataclass
from math import log
from pathlib import Path

from nlp import vocabulary
from nlp.vocabulary import FOLDER, Vocabulary


@dataclass(frozen=True)
class Rarity:
    """The rarity of words as they are parted by `vocabulary.words`."""

    vocabulary: Vocabulary

    @staticmethod
    def load(folder: Path = FOLDER) -> "Rarity":
        """By the news that the encoder was made from. ModelUnavailable if its files are not there."""
        return Rarity(vocabulary.load(folder))

    def idf(self, word: str) -> float:
        """The logarithm of one in how many texts has the word, to four decimals. A word not listed is rarest."""
        return round(log(self.vocabulary.texts / self.vocabulary.counts.get(word, 1)), 4)
