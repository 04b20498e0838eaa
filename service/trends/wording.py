"""How much an article is about an entity, and what a text can mean: words compared without case and diacritics."""

import re
from typing import Final

from nlp.keys import fold
from service.trends.snapshot import Label

_WORD: Final = re.compile(r"\w+")
_MOST_OCCURRENCES: Final = 5
_IN_TITLE: Final = 5


def words(text: str) -> str:
    """The words of a text, each between spaces: " kursk oblast "."""
    plain = text.casefold() if text.isascii() else fold(text)
    return f" {' '.join(_WORD.findall(plain))} "


def forms(label: Label) -> str:
    """What a title may call an entity, one form a line: its name, its abbreviation, a person's last name."""
    name = words(label.name)
    others = [words(label.short)] if label.short else []
    if label.type == "person" and name.strip():
        others.append(f" {name.split()[-1]} ")
    return "\n".join([name, *others])


def aboutness(occurrences: int, its_forms: str, title: str) -> int:
    """1 for a name in passing to 10 for one that is often in the article and in its title, given as `words`."""
    in_title = any(form in title for form in its_forms.split("\n"))
    return min(max(occurrences, 1), _MOST_OCCURRENCES) + _IN_TITLE * in_title


def means(wanted: str, its_forms: str) -> bool:
    """Whether each of the words wanted begins a word of a form."""
    return all(f" {word}" in its_forms for word in wanted.split())
