"""Names of invented headlines, from text to entity. The tables may fit our own; those of others are told apart."""

import pytest

from bench.quality_canonical import Verdict, judge, parts, share
from indexer.catalogue.catalogue import Catalogue
from nlp import spacy_extractor


@pytest.fixture(scope="module")
def verdicts() -> dict[str, list[Verdict]]:
    extractor, catalogue = spacy_extractor.load(), Catalogue.load()
    return {part: judge(cases, extractor, catalogue) for part, cases in parts().items()}


@pytest.mark.parametrize(("part", "at_least"), [("own", 0.95), ("fresh", 0.9), ("unseen", 0.86)])
def test_names_become_the_entities_that_a_reader_takes_them_for(
    verdicts: dict[str, list[Verdict]], part: str, at_least: float
) -> None:
    wrong = [(one.case.surface, one.case.entity, one.found) for one in verdicts[part] if not one.is_right]
    assert share(verdicts[part]) >= at_least, wrong if part != "unseen" else len(wrong)


def test_our_own_half_is_large_and_mostly_hard() -> None:
    own = parts()["own"]
    assert len(own) >= 200
    assert sum(case.kind == "ambiguous" for case in own) >= 40
    assert all(case.surface in f"{case.title} {case.lead}" for case in own)
