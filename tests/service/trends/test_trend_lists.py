"""What a list says of its items: names, evidence, counts, and which articles it leaves out."""

import pytest

from indexer.article import Article, Entity
from indexer.store.port import Change
from indexer.times import DAY, HOUR, Millis
from nlp.mention import EntityType
from service.trends.arrays import Arrays
from service.trends.articles import trending_articles
from service.trends.entities import trending_entities
from service.trends.info import find_entities
from service.trends.scoring import Parameters
from service.trends.snapshot import Snapshot

NOW: Millis = 1_700_000_000_000


def _name(name: str, kind: EntityType = "place", count: int = 1, short: str | None = None) -> Entity:
    return Entity(f"{kind}:{name.lower().replace(' ', '-')}", name, kind, count, short)


def _article(
    article_id: str,
    hours: float,
    *entities: Entity,
    title: str = "",
    source: str | None = "one",
    section: str | None = None,
) -> Article:
    at = NOW - round(hours * HOUR)
    return Article(
        id=article_id,
        title=title or article_id,
        seen_at=at,
        ranked_at=at,
        source=source,
        section=section,
        entities=entities,
    )


def _snapshot(*articles: Article) -> Snapshot:
    arrays = Arrays(NOW - 150 * DAY)
    arrays.apply([Change(article.id, article) for article in articles])
    return arrays.snapshot


KURSK, RUSSIA = _name("Kursk"), _name("Russia")


def test_the_worked_example() -> None:
    articles = [_article(f"k{number}", 0, KURSK) for number in range(4)] + [_article("k-old", 28 * 24, KURSK)]
    articles += [_article(f"r{number}", 0, RUSSIA) for number in range(4)]
    articles += [_article(f"r-old{number}", 14 * 24, RUSSIA) for number in range(8)]
    item, running = trending_entities(_snapshot(*articles), Parameters(), NOW)
    assert (running.entity.name, running.status) == ("Russia", "steady")
    assert running.explain.typical == pytest.approx(4 / 4.25 * 8 / 3, abs=2e-3)
    assert running.score == pytest.approx(4 - 4.25 / (4.25 + 16) * 4 / 4.25 * 8 / 3, abs=2e-3)
    assert (item.entity.name, item.status, item.articles, item.sources) == ("Kursk", "rising", 4, 1)
    assert item.score == pytest.approx(4 - 4.25 / (4.25 + 16) * 0.25 / 4.25 * 8 / 3, abs=2e-3)
    assert item.explain.expected == pytest.approx(0.470588, abs=2e-3)
    assert item.explain.lift == pytest.approx(8.5)
    assert item.explain.z == pytest.approx(2.295416, abs=2e-3)
    assert item.first_seen == NOW - 28 * DAY
    by_volume = trending_entities(_snapshot(*articles), Parameters(novelty=0.0, half_life=8 * HOUR), NOW)
    assert [item.entity.id for item in by_volume] == ["place:kursk", "place:russia"]


def test_a_name_that_falls_is_listed_below_novelty_one() -> None:
    usual = [_article(f"r{day}-{copy}", 24 * day + 1, RUSSIA) for day in range(3, 40) for copy in range(30)]
    now = [_article(f"k{number}", 0, KURSK) for number in range(60)]
    snapshot = _snapshot(*usual, *now, *(_article(f"r{number}", 1, RUSSIA) for number in range(3)))
    statuses = {item.entity.name: item.status for item in trending_entities(snapshot, Parameters(novelty=0.9), NOW)}
    assert statuses == {"Kursk": "new", "Russia": "falling"}
    assert [item.entity.name for item in trending_entities(snapshot, Parameters(), NOW)] == ["Kursk"]


def test_until_seven_days_of_history_everything_is_steady() -> None:
    burst = [_article(f"k{number}", 0, KURSK) for number in range(9)]
    scope = {"section": "World"}
    elsewhere = _article("sport", 9 * 24, _name("Leeds"), section="Sport")
    young, old = (_article("r", hours, RUSSIA, section="World") for hours in (7 * 24 - 0.1, 7 * 24))
    for first, status in ((young, "steady"), (old, "new")):
        burst = [_article(f"k{number}", 0, KURSK, section="World") for number in range(9)]
        (item,) = trending_entities(_snapshot(elsewhere, first, *burst), Parameters(**scope), NOW)  # type: ignore[arg-type]
        assert item.status == status


def test_history_is_that_of_the_type() -> None:
    burst = [_article(f"k{number}", 0, _name("Ann Lee", "person")) for number in range(9)]
    snapshot = _snapshot(_article("r", 9 * 24, RUSSIA), *burst)
    assert [item.status for item in trending_entities(snapshot, Parameters(), NOW)] == ["new"]
    assert [item.status for item in trending_entities(snapshot, Parameters(type="person"), NOW)] == ["steady"]
    assert trending_entities(snapshot, Parameters(type="organisation"), NOW) == ()


def test_an_entity_is_called_as_in_its_newest_article() -> None:
    snapshot = _snapshot(
        _article("new", 1, Entity("organisation:isw", "Institute for the Study of War", "organisation", 1, "ISW")),
        _article("old", 2, Entity("organisation:isw", "I.S.W.", "other", 1)),
    )
    (info,) = find_entities(snapshot, "", NOW)
    assert (info.name, info.type, info.short) == ("Institute for the Study of War", "organisation", "ISW")
    assert (info.articles, info.first_seen, info.last_seen) == (2, NOW - 2 * HOUR, NOW - HOUR)
    (earlier,) = find_entities(snapshot, "", NOW - 2 * HOUR)
    assert (earlier.name, earlier.type, earlier.articles) == ("I.S.W.", "other", 1)
    assert find_entities(snapshot, "", NOW - 3 * HOUR) == ()


def test_entities_are_found_by_the_beginnings_of_their_words() -> None:
    isw = _name("Institute for the Study of War", "organisation", short="ISW")
    snapshot = _snapshot(
        _article("1", 1, isw, _name("Côte d'Ivoire")),
        _article("2", 1, _name("Warsaw"), _name("Cote Azur")),
        _article("3", 1, _name("Warsaw")),
    )

    def found(text: str, kind: EntityType | None = None, limit: int = 10) -> list[str]:
        return [entity.name for entity in find_entities(snapshot, text, NOW, kind=kind, limit=limit)]

    assert found("WAR") == ["Warsaw", "Institute for the Study of War"]
    assert found("war", "organisation") == ["Institute for the Study of War"]
    assert found("stu inst") == ["Institute for the Study of War"]
    assert found("isw") == ["Institute for the Study of War"]
    assert found("cote") == ["Cote Azur", "Côte d'Ivoire"]
    assert found("", limit=1) == ["Warsaw"]
    assert found("arsaw") == []


def test_evidence_is_about_the_name_and_varied() -> None:
    trump = _name("Donald Trump", "person")
    snapshot = _snapshot(
        _article("passing", 0, trump, title="Markets fall", source="one"),
        _article("title", 1, trump, title="Trump speaks", source="one"),
        _article("again", 1.1, trump, title="Trump\u2019s second speech", source="one"),
        _article("copy", 1.1, trump, title="Trump speaks", source="two"),
        _article("long", 2, _name("Donald Trump", "person", count=7), title="A long read", source="two"),
        _article("ancient", 400, trump, title="Trump speaks of old", source="three"),
    )
    (item,) = trending_entities(snapshot, Parameters(novelty=0.0), NOW)
    assert item.evidence == ("title", "long", "again")
    assert (item.articles, item.sources) == (5, 2)


def test_where_too_little_is_recent_older_articles_are_evidence() -> None:
    snapshot = _snapshot(_article("new", 0, KURSK), *(_article(f"old{hours}", hours, KURSK) for hours in range(31, 46)))
    (item,) = trending_entities(snapshot, Parameters(novelty=0.0), NOW)
    assert (item.articles, item.evidence) == (1, ("new", "old31", "old32"))


def test_sources_that_have_no_name_do_not_count() -> None:
    snapshot = _snapshot(*(_article(f"k{number}", 0, KURSK, source=None) for number in range(5)))
    assert [(item.articles, item.sources) for item in trending_entities(snapshot, Parameters(), NOW)] == [(5, 0)]


def test_articles_rise_with_the_names_in_the_news_and_sink_with_age() -> None:
    burst = [_article(f"k{number}", 0, KURSK, title=f"Kursk {number}") for number in range(8)]
    plain = _article("plain", 0, title="Nobody")
    old = _article("old", 10, KURSK, title="Kursk yesterday")
    usual = [_article(f"r{number}", 20 * 24, RUSSIA) for number in range(50)]
    items = trending_articles(_snapshot(*burst, plain, old, *usual), Parameters(limit=30), NOW)
    assert len(items) == 10
    assert [item.article_id for item in items[-2:]] == ["old", "plain"]
    z = items[0].explain.z if items[0].explain else 0.0
    assert items[0].score == pytest.approx(1 + z)
    assert items[-2].score == pytest.approx((1 + z) / 2)
    assert (items[-1].score, items[-1].explain) == (1.0, None)


def test_the_three_highest_z_are_summed_each_cut_to_ten() -> None:
    names = [_name(f"N{number}") for number in range(4)]
    burst = [_article(f"b{number}", 0, *names) for number in range(400)]
    items = trending_articles(_snapshot(*burst), Parameters(limit=1), NOW)
    assert items[0].score == pytest.approx(31)


def test_of_one_source_and_title_only_the_best_is_listed() -> None:
    copies = [_article(f"c{number:02}", number / 10, KURSK, title="Kursk: the latest") for number in range(30)]
    other = _article("other", 9, KURSK, title="KURSK: The Latest", source="two")
    items = trending_articles(_snapshot(*copies, other), Parameters(limit=5), NOW)
    assert [item.article_id for item in items] == ["c00", "other"]
    assert (items[0].articles, items[0].sources, items[0].first_seen) == (31, 2, NOW - 9 * HOUR)
    assert items[0].evidence == ("c00", "c01", "c02")


def test_nothing_in_nothing_out() -> None:
    assert trending_entities(_snapshot(), Parameters(), NOW) == ()
    assert trending_articles(_snapshot(), Parameters(), NOW) == ()
    assert find_entities(_snapshot(), "x", NOW) == ()
    nameless = _snapshot(_article("a", 0))
    assert trending_entities(nameless, Parameters(section="Nowhere", type="person"), NOW) == ()
    assert [item.article_id for item in trending_articles(nameless, Parameters(), NOW)] == ["a"]
