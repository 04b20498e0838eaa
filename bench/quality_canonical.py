"""How many names of invented headlines become the entity that a careful reader takes them for.

`python -m bench.quality_canonical` prints, for each part of `tests/nlp/cases` and each kind of case, how many are
right from end to end (found in title and lead, and identified) and with the name handed in where it was not found.
The fresh half was written before the code, by somebody who did not know it, and looked at since. What is unseen was
written later in the same way, and nothing has been changed for it.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from indexer.catalogue.catalogue import Catalogue
from nlp import spacy_extractor
from nlp.keys import fold
from nlp.mention import Extractor, Mention, Text

CASES: Final = Path(__file__).parents[1] / "tests" / "nlp" / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """`entity` is what `surface` means in this title and lead; None where it names nothing."""

    kind: str
    title: str
    lead: str
    surface: str
    entity: str | None


class Verdict(NamedTuple):
    """What became of a case: the entity found from end to end, and with its name handed in."""

    case: Case
    found: str | None
    handed_in: str | None

    @property
    def is_right(self) -> bool:
        return self.found == self.case.entity

    @property
    def is_right_handed_in(self) -> bool:
        return self.handed_in == self.case.entity


def parts() -> dict[str, list[Case]]:
    """The cases by how they came about."""
    return {name: _read(f"{name}.jsonl") for name in ("own", "fresh", "unseen")}


def judge(cases: Sequence[Case], extractor: Extractor, catalogue: Catalogue) -> list[Verdict]:
    """What becomes of each of the cases."""
    found = extractor.extract(Text(case.title, case.lead, "") for case in cases)
    return [_verdict(case, mentions, catalogue) for case, mentions in zip(cases, found, strict=True)]


def share(verdicts: Sequence[Verdict]) -> float:
    """The share that is right from end to end."""
    return sum(verdict.is_right for verdict in verdicts) / len(verdicts)


def _read(name: str) -> list[Case]:
    return [Case(**json.loads(line)) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def _verdict(case: Case, mentions: Sequence[Mention], catalogue: Catalogue) -> Verdict:
    found = _entity(case, mentions, catalogue)
    if found is not None or case.entity is None:
        return Verdict(case, found, found)
    named = Mention(fold(case.surface), "other", 1, "summary", len(case.lead), (case.surface,))
    return Verdict(case, found, _entity(case, [*mentions, named], catalogue))


def _entity(case: Case, mentions: Sequence[Mention], catalogue: Catalogue) -> str | None:
    """The entity of the name itself, else of a longer or shorter form of it; a name of no kind is none."""
    closest = sorted((_distance(case.surface, one.mention), one.entity.id) for one in catalogue.identify(mentions))
    named = [entity_id for distance, entity_id in closest if distance < _FAR and not entity_id.startswith("other:")]
    return named[0] if named else None


_FAR: Final = 100


def _distance(surface: str, mention: Mention) -> int:
    return min(_difference(fold(surface), fold(other)) for other in mention.surfaces)


def _difference(one: str, other: str) -> int:
    """By how many characters one form is longer than the other that it contains."""
    shorter, longer = sorted((f" {one} ", f" {other} "), key=len)
    return len(longer) - len(shorter) if shorter in longer else _FAR


def _tally(verdicts: Sequence[Verdict]) -> Iterator[str]:
    by_kind: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_kind[verdict.case.kind].append(verdict)
    for kind, judged in [*sorted(by_kind.items()), ("all", list(verdicts))]:
        right, handed_in = sum(one.is_right for one in judged), sum(one.is_right_handed_in for one in judged)
        yield f"{kind:<14}{right:>5} of {len(judged):<5}{right / len(judged):>7.1%}{handed_in / len(judged):>11.1%}"


def main() -> None:
    extractor, catalogue = spacy_extractor.load(), Catalogue.load()
    print(extractor.name)
    for part, cases in parts().items():
        print(f"\n{part:<30}end to end   handed in")
        print(*_tally(judge(cases, extractor, catalogue)), sep="\n")


if __name__ == "__main__":
    main()
