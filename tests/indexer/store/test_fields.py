from indexer.store.fields import chosen_values, is_listed
from indexer.store.port import Selection


def test_an_entity_that_is_chosen_is_chosen_in_every_facet_of_entities() -> None:
    selection = Selection(filters={"entity": ("place:kursk", "person:jane", "place:kursk"), "section": ("World",)})
    assert chosen_values(selection, "entity") == ("place:kursk", "person:jane")
    assert chosen_values(selection, "place") == ("place:kursk", "person:jane")
    assert chosen_values(selection, "section") == ("World",)


def test_a_chosen_entity_is_listed_among_those_of_its_type() -> None:
    assert is_listed("place", "place:kursk", 0)
    assert not is_listed("place", "person:jane", 0)
    assert is_listed("place", "person:jane", 1)
    assert is_listed("entity", "person:jane", 0)
    assert is_listed("section", "World", 0)
