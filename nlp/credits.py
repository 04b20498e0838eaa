"""Names by their place in a line: who filed it where, who wrote it, who took the picture, what it refers to."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.mention import EntityType

_AGENCY: Final = r"Reuters|AP|AFP|dpa|DPA|ANSA|EFE|TASS|Xinhua|Kyodo|Yonhap|UPI|PA|Bloomberg|PTI|ANI|AAP"
_DATELINE: Final = re.compile(
    rf"^\W{{0,2}}(?P<town>[A-Z][^\W\d_a-z]+(?:[ .'-]+[A-Z][^\W\d_a-z]*)*)[^()\u2013\u2014]{{0,40}}"
    rf"\((?P<agency>{_AGENCY})\) ?[-\u2013\u2014]"
)
_PERSON: Final = (
    r"[A-Z][\w'\u2019-]+(?: (?:(?:de|van|von|der|den|bin|al|da|di|la|le) )*[A-Z](?:[\w'\u2019-]+|\.(?= ))){1,3}"
)
_BYLINE: Final = re.compile(rf"^By (?P<person>{_PERSON})(?= in |[.,]|$| and | for )(?: and (?P<second>{_PERSON}))?")
_PICTURE: Final = re.compile(
    rf"(?:Photo(?:graph)?|Picture|Image|Credit|Foto)s?(?: by)?: ?(?P<person>{_PERSON})"
    rf"(?:/(?P<agency>[A-Z]\w*(?: Images| Press)?|{_AGENCY}))?"
)
_REFERENCES: Final = re.compile(r"^(?:Refs?|References?|Sources?): ?")
_REFERENCE: Final = re.compile(r"[^|;]*[^|;\s.]")
_TYPES: Final[dict[str, EntityType]] = {
    "town": "place", "agency": "organisation", "person": "person", "second": "person",
}  # fmt: skip


def find(line: str) -> Iterator[tuple[int, int, EntityType]]:
    """Where such names start and end, and what they are."""
    for pattern in (_DATELINE, _BYLINE, _PICTURE):
        if match := pattern.search(line):
            yield from ((*match.span(group), kind) for group, kind in _TYPES.items() if match.groupdict().get(group))
    if references := _REFERENCES.match(line):
        for match in _REFERENCE.finditer(line, references.end()):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield start, match.end(), "organisation"
