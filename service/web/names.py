"""What entities are called where an answer only has their ids."""

from collections.abc import Mapping

Names = Mapping[str, str]
"""Names by entity id."""


def spelled(entity_id: str) -> str:
    """A readable form of an entity id, for a name that is not known."""
    return entity_id.partition(":")[2].replace("-", " ").title() or entity_id
