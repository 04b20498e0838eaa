"""Organisations known by their form alone: "Institute for the Study of War", "Human Rights Watch"."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.lines import Line

_LEADING: Final = (
    "Academy|Agency|Association|Board|Bureau|Center|Centre|Chamber|College|Commission|Committee|Confederation|Council|"
    "Court|Department|Federation|Foundation|Institute|Institution|League|Ministry|Museum|Office|Organisation|"
    "Organization|School|Society|Union|University"
)
_CLOSING: Final = (
    "Academy|Agency|Association|Authority|Bureau|Coalition|College|Commission|Committee|Confederation|Corporation|"
    "Council|Court|Department|Federation|Foundation|Fund|Initiative|Institute|Institution|League|Ministry|Museum|"
    "Organisation|Organization|Parliament|Party|Society|Union|University|Watch"
)
# A pattern that starts with letters is searched for nine times as fast as one that starts with the edge of a word.
_HEADS: Final = re.compile(rf"(?:{_LEADING}|{_CLOSING})\b")
_CAPITALISED: Final = r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-Z][\w&.-]*\w"
_OF_SOMETHING: Final = re.compile(
    rf"\b(?:{_CAPITALISED} ){{0,3}}(?:{_LEADING}) (?:of|for|on)(?: the)? {_CAPITALISED}"
    rf"(?:(?: and|(?: of| for)?(?: the)?) {_CAPITALISED}){{0,5}}"
)
_NAMED: Final = re.compile(rf"\b(?:{_CAPITALISED} ){{2,4}}(?:{_CLOSING})\b")
_COMPANY_FORMS: Final = (
    "Inc|Incorporated|Ltd|Limited|PLC|plc|Plc|LLC|LLP|Corp|Co|AG|SE|SA|NV|BV|GmbH|SpA|AB|ASA|Oyj|Pty Ltd|Pte Ltd"
)
_COMPANY: Final = re.compile(
    rf"\b{_CAPITALISED}(?:(?: |-| & | and ){_CAPITALISED}){{0,4}},? "
    rf"(?:{_COMPANY_FORMS})\b\.?"
)
_COMPANY_HEADS: Final = re.compile(rf" (?:{_COMPANY_FORMS})\b")
_OPENING: Final = re.compile(
    r"(?:(?:A|An|And|As|At|But|By|For|From|If|In|Of|On|That|The|This|To|When|While|With|According to) )+"
)


def find(line: Line) -> Iterator[tuple[int, int]]:
    """Where such names start and end; only in prose, where a capital means a name."""
    if not line.is_prose:
        return
    patterns = (_OF_SOMETHING, _NAMED) if _HEADS.search(line.text) else ()
    companies = (_COMPANY,) if _COMPANY_HEADS.search(line.text) else ()
    for pattern in (*patterns, *companies):
        for match in pattern.finditer(line.text):
            opening = _OPENING.match(line.text, match.start(), match.end())
            yield (opening.end() if opening else match.start()), match.end()
