from indexer.store.fields import chosen_values
from indexer.store.port import Selection


def test_an_entity_that_is_chosen_is_chosen_in_the_facet_of_its_type() -> None:
    selection = Selection(filters={"entity": ("place:kursk", "person:jane", "place:kursk"), "section": ("World",)})
    assert chosen_values(selection, "entity") == ("place:kursk", "person:jane")
    assert chosen_values(selection, "place") == ("place:kursk",)
    assert chosen_values(selection, "organisation") == ()
    assert chosen_values(selection, "section") == ("World",)
