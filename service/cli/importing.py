"""Taking the decisions of a file, each once."""

from typing import Any

from indexer.errors import DatelineError, InvalidDecision, StoreUnavailable
from service.answers import decision_models as shapes
from service.answers import decisions as deciding
from service.newsroom import Newsroom

_OF_THE_TAKEN = ("number", "at", "new_entity")


class Importing:
    """Takes decisions line by line, `who` being whoever decides where a line does not say.

    A decision of the newsroom that says the same as a line is that line, for one line only. Numbers and ids that other
    newsrooms gave to decisions of the file and to what they made are read as those that they have here.
    """

    def __init__(self, newsroom: Newsroom, who: str) -> None:
        self.taken = self.known = self.refused = 0
        self._newsroom = newsroom
        self._who = who
        self._before = deciding.all_decisions(newsroom)
        self._numbers: dict[str, int | None] = {}
        self._ids: dict[str, str] = {}

    def take(self, line: dict[str, Any]) -> str | None:
        """Take one decision, or find it taken already; the reason why it cannot be. StoreUnavailable."""
        try:
            decision = self._settled(self._asked(line), by_anybody="who" not in line)
        except StoreUnavailable:
            raise
        except DatelineError as error:
            self.refused += 1
            self._remember(line, {})
            return str(error)
        self._remember(line, decision)
        return None

    def _settled(self, asked: shapes.Asked, *, by_anybody: bool) -> dict[str, Any]:
        """The decision that says this, taken now if it is not there yet."""
        wanted = asked.model_dump(exclude={"who"} if by_anybody else None)
        for decision in self._before:
            if all(decision.get(name) == (value or None) for name, value in wanted.items()):
                self._before.remove(decision)
                self.known += 1
                return decision
        taken = deciding.decide(self._newsroom, asked).model_dump(exclude_unset=True)
        self.taken += 1
        return taken

    def _remember(self, line: dict[str, Any], decision: dict[str, Any]) -> None:
        """What the number and the id that a line has are here."""
        if "number" in line:
            self._numbers[str(line["number"])] = decision.get("number")
        if "new_entity" in line and "new_entity" in decision:
            self._ids[str(line["new_entity"])] = decision["new_entity"]

    def _asked(self, line: dict[str, Any]) -> shapes.Asked:
        fields = {"who": self._who, **{name: value for name, value in line.items() if name not in _OF_THE_TAKEN}}
        for name in ("entity", "into"):
            if name in fields:
                fields[name] = self._ids.get(str(fields[name]), fields[name])
        undone = str(fields.get("decision"))
        if undone in self._numbers:
            fields["decision"] = self._numbers[undone]
            if fields["decision"] is None:
                raise InvalidDecision(f"decision {undone} of the file could not be taken")
        return shapes.read_asked(fields)
