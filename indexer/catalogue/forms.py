"""Other keys under which a name may be known: without company form, form of address or hyphens."""

import re
from collections.abc import Iterator
from typing import Final

from nlp.keys import fold
from nlp.mention import EntityType

_COMPANY_FORM: Final = re.compile(
    r"(?:,? (?:inc|incorporated|ltd|limited|plc|llc|llp|corp|corporation|co|ag|se|sa|s\.a|nv|n\.v|bv|b\.v|gmbh|kg|"
    r"spa|s\.p\.a|ab|asa|oyj|kk|pty|pte)\.?| & co\.?(?: kg)?)+$",
    re.IGNORECASE,
)
_HOLDING: Final = re.compile(r" (?:group|holdings?|company)$")
_FORM_OF_ADDRESS: Final = re.compile(
    r"^(?:(?:president|prime minister|chancellor|king|queen|sheikh|sultan|ayatollah|general|gen|senator|sen|governor|"
    r"gov|secretary|minister|justice|judge|lord|lady|sir|dame|rev|dr|mr|mrs|ms|miss|rep|prof|professor|col|lt|maj|"
    r"capt)\.? )+(?=\S)"
)
_SILENT: Final = re.compile(r"[.'\u2019]")


def loose(key: str) -> str:
    """The key without dots and apostrophes, and with spaces for hyphens: "u.s.", "ben-gvir"."""
    return " ".join(_SILENT.sub("", key).replace("-", " ").split())


def bare_company(name: str) -> str:
    """The name of a company without its legal form: "Barclays PLC" is Barclays."""
    return _COMPANY_FORM.sub("", name) or name


def others_of(key: str, kind: EntityType) -> Iterator[str]:
    """Keys that mean the same as a key, nearest first, itself among them."""
    yield key
    if kind != "person":
        yield fold(bare_company(key))
        yield _HOLDING.sub("", bare_company(key))
    if kind in {"person", "other"}:
        yield _FORM_OF_ADDRESS.sub("", key)
