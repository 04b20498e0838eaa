"""Onsets of real news in the corpus, named from general knowledge before any score of them was looked at."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from indexer.times import Millis


class Burst(NamedTuple):
    """An entity, the hour (UTC) from which the world wrote about it, and why."""

    entity: str
    onset: Millis
    why: str


def _burst(entity: str, onset: str, why: str) -> Burst:
    moment = datetime.fromisoformat(onset).replace(tzinfo=UTC)
    return Burst(entity, int(moment.timestamp() * 1_000), why)


BURSTS: Final = (
    _burst("organisation:hamas", "2023-10-07T04:00", "the attack on Israel"),
    _burst("place:herat", "2023-10-07T09:00", "earthquakes in Afghanistan"),
    _burst("person:claudia-goldin", "2023-10-09T10:00", "the prize in economics"),
    _burst("person:jim-jordan", "2023-10-13T17:00", "nominated as Speaker"),
    _burst("place:brussels", "2023-10-16T18:00", "two Swedes shot"),
    _burst("person:bobby-charlton", "2023-10-21T14:00", "his death"),
    _burst("person:mike-johnson", "2023-10-25T02:00", "nominated, then elected Speaker"),
    _burst("place:acapulco", "2023-10-25T07:00", "hurricane Otis"),
    _burst("place:lewiston", "2023-10-26T00:00", "shootings in Maine"),
    _burst("person:matthew-perry", "2023-10-29T00:00", "his death"),
    _burst("place:jabalia", "2023-10-31T15:00", "strikes on the refugee camp"),
    _burst("person:sam-bankman-fried", "2023-11-02T23:00", "found guilty"),
    _burst("place:nepal", "2023-11-03T19:00", "an earthquake"),
    _burst("organisation:optus", "2023-11-07T18:00", "its network fails for a day"),
    _burst("place:grindavik", "2023-11-11T00:00", "cleared before an eruption"),
    _burst("person:david-cameron", "2023-11-13T09:00", "made Foreign Secretary"),
    _burst("person:suella-braverman", "2023-11-13T08:00", "dismissed"),
    _burst("person:sam-altman", "2023-11-17T20:00", "dismissed by OpenAI"),
    _burst("organisation:openai", "2023-11-17T20:00", "dismisses Sam Altman"),
    _burst("person:rosalynn-carter", "2023-11-19T20:00", "her death"),
    _burst("person:javier-milei", "2023-11-19T23:00", "elected president"),
    _burst("person:emmett-shear", "2023-11-20T07:00", "made head of OpenAI"),
)
