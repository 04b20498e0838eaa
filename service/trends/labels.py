"""The numbers of entities and of everything they have been called."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from service.trends.columns import Columns, Indices, Int32s, Interned, Numbers, UInt8s
from service.trends.snapshot import TYPES, Label
from service.trends.wording import forms


class LabelParts(TypedDict):
    """The fields of `Names` that are about entities and labels."""

    entities: Interned[str]
    labels: Interned[Label]
    forms: Sequence[str]
    label_entity: Int32s
    label_type: UInt8s
    first_label: Int32s
    relabelled: Int32s


class Labels:
    """Labels in the order of their first appearance, each with its entity."""

    def __init__(self) -> None:
        self.forms: list[str] = []
        self._entities: Interned[str] = Interned()
        self._labels: Interned[Label] = Interned()
        self._columns = Columns(entity=np.int32, type=np.uint8)
        self._first = Columns(label=np.int32)
        self._relabelled = Columns(entity=np.int32)

    def number(self, labels: Sequence[Label]) -> list[int]:
        """The numbers of labels, new ones for those that are new."""
        numbers = [self._labels.number(label) for label in labels]
        self._describe(len(self.forms))
        return numbers

    def entities_of(self, labels: Numbers) -> Int32s:
        """The numbers of the entities that labels belong to."""
        entities: Int32s = self._columns.views()["entity"][np.asarray(labels, np.intp)]
        return entities

    def parts(self) -> LabelParts:
        """What readers may see from now on."""
        columns = self._columns.views()
        return LabelParts(
            entities=self._entities,
            labels=self._labels,
            forms=self.forms,
            label_entity=columns["entity"],
            label_type=columns["type"],
            first_label=self._first.views()["label"],
            relabelled=self._relabelled.views()["entity"],
        )

    def _describe(self, first: int) -> None:
        """Note what there is to know of the labels from `first` on."""
        new = self._labels.values[first:]
        known = len(self._entities)
        entities = np.array([self._entities.number(label.entity_id) for label in new], np.int32)
        self.forms.extend(forms(label) for label in new)
        self._columns.extend({"entity": entities, "type": [TYPES.index(label.type) for label in new]})
        firsts = _first_places(entities, known)
        self._first.extend({"label": first + firsts})
        self._relabelled.extend({"entity": np.delete(entities, firsts)})


def _first_places(entities: Int32s, known: int) -> Indices:
    """Where each entity that was not known appears first, in the order of their numbers."""
    _, places = np.unique(entities, return_index=True)
    return places[entities[places] >= known]
