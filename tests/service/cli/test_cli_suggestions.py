"""What editors are suggested at the terminal, and what they say to it."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.catalogue.catalogue import Catalogue
from indexer.decisions.names import Names
from indexer.store.opening import open_store
from nlp.mention import Mention
from tests.contract.factories import article
from tests.service.cli.conftest import Inside

MERGE = "merge~person:marlo-banck~person:marlo-benck"
ALIAS = "alias~organisation:harbour-quality-league~HQL"
SAID = ("--who", "ann", "--why", "a slip")


def named(number: int, *names: str) -> Article:
    mentions = tuple(Mention(name.lower(), "person", 2, "body", 0, (name,)) for name in names)
    return article(f"a{number}", f"Report {number}", at=number, source=f"wire{number}.example", mentions=mentions)


def defining(number: int) -> Article:
    league = ("Harbour Quality League", "HQL")
    mention = Mention("harbour quality league", "organisation", 2, "body", 0, league, "HQL")
    return article(f"d{number}", f"League {number}", at=number, source=f"wire{number}.example", mentions=(mention,))


@pytest.fixture
def newsroom(tmp_path: Path, inside: Inside) -> Inside:
    """Runs commands in a folder with a store that has a duplicate, an abbreviation and junk."""
    people = [("Marlo Benck", "Tilda Quist")] * 4 + [("Marlo Banck", "Tilda Quist")] * 2 + [("He",)] * 2 + [()] * 20
    stored = [*(named(number, *names) for number, names in enumerate(people)), *map(defining, range(3))]
    with closing(open_store(f"embedded:{tmp_path}/var/dateline")) as store:
        store.prepare()
        store.write(list(map(Names(Catalogue.load()).read, stored)))
        store.refresh()
    return inside


def suggested(newsroom: Inside, *options: str) -> list[str]:
    return [one["id"] for one in json.loads(newsroom("entities", "suggest", "--json", *options)[0])["items"]]


def test_suggestions_are_shown_with_their_reasons_and_ids(newsroom: Inside) -> None:
    printed, said = newsroom("entities", "suggest")
    assert [" ".join(line.split()) for line in printed.splitlines()[2:]] == [
        f"Marlo Banck is Marlo Benck 2 2 one letter differs {MERGE}",
        "He is no name 2 2 a pronoun hide~person:he",
        f"HQL means Harbour Quality League 3 3 defined by 3 sources {ALIAS}",
    ]
    assert said == "in the newest 31 articles; 0 refused before\n"


@pytest.mark.parametrize(
    ("kind", "ids"), [("duplicates", [MERGE]), ("junk", ["hide~person:he"]), ("abbreviations", [ALIAS])]
)
def test_they_can_be_of_one_kind(newsroom: Inside, kind: str, ids: list[str]) -> None:
    assert suggested(newsroom, "--kind", kind) == ids


def test_what_is_accepted_is_decided_and_what_is_refused_comes_no_more(newsroom: Inside) -> None:
    assert newsroom("entities", "accept", MERGE, *SAID)[1] == "decision 1\n"
    assert newsroom("entities", "refuse", "hide~person:he", *SAID)[1] == "refused by ann: a slip\n"
    assert suggested(newsroom) == [ALIAS]
    assert "1 refused before" in newsroom("entities", "suggest")[1]
    (decision,) = json.loads(newsroom("entities", "decisions", "--json")[0])["items"]
    assert (decision["act"], decision["who"], decision["why"]) == ("merge", "ann", "a slip")
    assert "is merged into person:marlo-benck" in newsroom("entities", "accept", MERGE, *SAID, code=1)[1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("suggest", "--kind", "merges"), 2, "'merges' is not one of"),
        (("accept", MERGE), 2, "--why"),
        (("refuse", MERGE, "--why", " "), 2, "why: "),
        (("refuse", "nonsense", *SAID), 1, "There is no suggestion 'nonsense'."),
        (("accept", "hide~person:nobody", *SAID), 1, "There is no entity 'person:nobody'."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    newsroom: Inside, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in newsroom("entities", *arguments, code=code)[1]
