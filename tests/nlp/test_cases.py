"""Names of invented headlines, from text to entity. The tables may fit our own half; the fresh half is told apart."""

import pytest

from bench.quality_canonical import Verdict, halves, judge, share
from indexer.catalogue.catalogue import Catalogue
from nlp import spacy_extractor


@pytest.fixture(scope="module")
def verdicts() -> dict[str, list[Verdict]]:
    extractor, catalogue = spacy_extractor.load(), Catalogue.load()
    return {half: judge(cases, extractor, catalogue) for half, cases in halves().items()}


@pytest.mark.parametrize(("half", "at_least"), [("own", 0.95), ("fresh, looked at", 0.93), ("fresh, unseen", 0.83)])
def test_names_become_the_entities_that_a_reader_takes_them_for(
    verdicts: dict[str, list[Verdict]], half: str, at_least: float
) -> None:
    wrong = [(one.case.surface, one.case.entity, one.found) for one in verdicts[half] if not one.is_right]
    assert share(verdicts[half]) >= at_least, wrong if half == "own" else len(wrong)


def test_our_own_half_is_large_and_mostly_hard() -> None:
    own = halves()["own"]
    assert len(own) >= 200
    assert sum(case.kind == "ambiguous" for case in own) >= 40
    assert all(case.surface in f"{case.title} {case.lead}" for case in own)
