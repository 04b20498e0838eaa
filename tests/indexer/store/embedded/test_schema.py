import mappings
from indexer.store.document import to_document
from indexer.store.embedded.schema import load_fields
from indexer.store.embedded.store import EmbeddedStore
from tests.contract.factories import article, entities


def tokens(text: str) -> list[str]:
    return load_fields().analyzers["news"].analyze(text)


def test_text_is_cut_folded_and_stemmed_as_the_mapping_says() -> None:
    assert tokens("The WHO\u2019s Café-running dogs don't") == ["the", "who", "cafe", "run", "dog", "don't"]
    assert tokens("北京 2024, Ångström") == ["北", "京", "2024", "angstrom"]
    assert tokens("!!! — …") == []


def test_tokens_up_to_the_length_of_the_mapping_are_kept() -> None:
    longest = mappings.load("articles")["settings"]["analysis"]["filter"]["bounded"]["max"]
    assert tokens("x" * longest) == ["x" * longest]
    assert tokens("x" * (longest + 1)) == []


def test_the_fingerprint_is_of_the_mapping_alone() -> None:
    assert load_fields().fingerprint == load_fields().fingerprint


def test_the_index_takes_every_field_that_a_document_can_have(store: EmbeddedStore) -> None:
    one = article("a", body="b", summary="s", section="x", source="y", language="z", url="u", published_at=1,
                  entities=entities("person:a", "place:b", "organisation:c"))  # fmt: skip
    assert set(to_document(one)) <= set(mappings.load("articles")["mappings"]["properties"])
    store.write([one])
    assert store.catch_up() == 1
