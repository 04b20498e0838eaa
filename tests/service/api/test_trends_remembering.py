"""Finished answers are made once, by one thread, and as long as nothing changes."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from service.api.remembering import Finished, Remembered


def finished(text: str) -> Finished:
    return Finished(text.encode(), "text/plain", ())


def test_who_asks_what_is_being_answered_waits_for_that_answer() -> None:
    made: list[str] = []
    going = threading.Event()

    def make() -> Finished:
        made.append("made")
        going.wait(5)
        return finished("one")

    async def ask() -> None:
        remembered = Remembered()
        asking = [asyncio.ensure_future(remembered.answer("state", "question", make)) for _ in range(5)]
        await asyncio.sleep(0.05)
        going.set()
        assert {one.content for one in await asyncio.gather(*asking)} == {b"one"}

    asyncio.run(ask())
    assert made == ["made"]


def test_another_state_forgets_all_and_the_least_recent_question_goes_first() -> None:
    made: list[str] = []

    def making(text: str) -> Callable[[], Finished]:
        def make() -> Finished:
            made.append(text)
            return finished(text)

        return make

    async def ask() -> None:
        remembered = Remembered()
        for state, question in [(1, "a"), (1, "b"), (1, "a"), (2, "a"), (2, "a"), (1, "a")]:
            await remembered.answer(state, question, making(f"{state}{question}"))
        for number in range(300):
            await remembered.answer(3, number, making("many"))
            await remembered.answer(3, 0, making("again"))
        assert (await remembered.answer(3, 1, making("forgotten"))).content == b"forgotten"

    asyncio.run(ask())
    assert made[:4] == ["1a", "1b", "2a", "1a"]
    assert made[4:] == ["many"] * 300 + ["forgotten"]


def test_a_failure_is_not_remembered() -> None:
    def fail() -> Finished:
        raise ZeroDivisionError

    async def ask() -> None:
        remembered = Remembered()
        with pytest.raises(ZeroDivisionError):
            await remembered.answer(1, "a", fail)
        assert (await remembered.answer(1, "a", lambda: finished("well"))).content == b"well"

    asyncio.run(ask())
