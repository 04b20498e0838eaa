"""What the decisions that stand make of stories. Pure."""

from dataclasses import dataclass, field

from indexer.decisions.decision import STORY
from indexer.decisions.moves import Moves


@dataclass(frozen=True, slots=True)
class Stories(Moves):
    """The merges and splits of stories. `fallen` are the stories of splits that do not stand, and where they came from.

    What was grouped with a story that a split made goes with its articles: back, where the split is undone.
    """

    fallen: dict[str, str] = field(default_factory=dict)

    def story(self, article_id: str, grouped: str) -> str:
        """The story that an article is shown in."""
        return self.end(article_id, self._born(grouped)).removeprefix(STORY)

    def group(self, article_id: str, grouped: str) -> str:
        """The story that others join an article in: after the splits, but for merges, which may be undone."""
        born = self._born(grouped)
        made = [one for one in self.path(article_id, born) if one in self.minted]
        return (made[-1] if made else born).removeprefix(STORY)

    def leads_to(self, story_id: str) -> str:
        """The story that an id leads to."""
        return self.resolve(self._born(story_id)).removeprefix(STORY)

    def reached(self, story_id: str) -> set[str]:
        """The stories that something in a story can be shown in: all that merges and splits lead to from it."""
        found, more = set[str](), {f"{STORY}{story_id}"}
        while more:
            found |= more
            more = {move.to for one in more for move in self.moves.get(one, ())} - found
        return {one.removeprefix(STORY) for one in found}

    def _born(self, grouped: str) -> str:
        entity_id = f"{STORY}{grouped}"
        while entity_id in self.fallen:
            entity_id = self.fallen[entity_id]
        return entity_id
