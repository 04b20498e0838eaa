"""`python -m bench.hostile [--queries N] [--elasticsearch URL]`: questions made to break a search box, over HTTP.

Needs the corpus with names that `make bench` keeps in var/bench. Traffic goes to 127.0.0.1, and ends by itself.
"""

import argparse
import contextlib
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import httpx

from bench.answers import copied, filled
from bench.corpus import elasticsearch_node
from bench.tables import percentile, show
from tests.serving import serving_process

STORES: Final = Path("var/bench").absolute()
SLOW: Final = 1.0
WORDS: Final = (
    "israel", "gaza", "kursk", "the", "of", "a", "i", "to", "who", "us", "trump", "biden", "ukraine", "covid-19",
    "u.s.", "o'neil", "don\u2019t", "news", "said", "said", "x1", "2023", "100,000", "übermäßig", "москва", "北京",
    "日本語", "القاهرة", "हिन्दी", "\U0001f469\u200d\U0001f467", "\U0001f680", "\ufb01nance", "\uff29\uff33\uff37",
    "İstanbul", "e\u0301te\u0301",
)  # fmt: skip
SIGNS: Final = (
    '"', "“", "”", "«", "(", ")", "((((((", "))))))", "-", "--", "AND", "OR", "NOT", "AND OR", "NOT NOT", "*", "**",
    "?", "~", "~5", "~99999999999999999999", ":", "::", "title:", "entity:", "section:", "person:", "after:", "before:",
    "published:", "after:9999-99-99", "published:2023-11..2023-10", "published:0000", "[a TO z]", "{", "}", "\\",
    "/.*/", "<script>", "\x00", "\u202e", "\u200b", "\ufeff", "%00", "';--", "${jndi:x}", "\n", "\t", "\uff02",
    "\uff1a",    "\uff0a", "\uff08", "^9", "+", "&&", "||", "!",
)  # fmt: skip
SORTS: Final = ("relevance", "newest", "oldest", "fresh")
FACETS: Final = ("section", "source", "lang", "entity", "person", "organisation", "place")

Parameters = list[tuple[str, str | int | float | bool | None]]


def main() -> None:
    """Ask each store, and print what became of the questions."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--elasticsearch", default=os.environ.get("DATELINE_TEST_ELASTICSEARCH"))
    options = parser.parse_args()
    folder = STORES / "embedded"
    corpus = f"embedded:{folder}/store"
    with contextlib.ExitStack() as stack:
        elasticsearch = options.elasticsearch or elasticsearch_node(stack)
        filled(options.data.absolute(), corpus, folder)
        stores = [corpus]
        if elasticsearch:
            stores.append(f"elasticsearch+{elasticsearch}/hostile-{time.time_ns()}")
            copied(corpus, stores[-1])
        show(
            "Hostile questions (target: no 5xx, none slower than 1 s)",
            [_row(one, folder, options.queries) for one in stores],
        )


def question(chance: random.Random) -> Parameters:
    """A query made of words, signs and repetition, and parameters that make it dear."""
    parameters: Parameters = [
        ("q", chance.choice(_SHAPES)(chance)),
        ("sort", chance.choice(SORTS)),
        ("match", chance.choice(("all", "any"))),
    ]
    parameters += [("facet", facet) for facet in FACETS if chance.random() < 0.3]
    parameters += [("page_size", str(chance.choice((1, 10, 100)))), ("highlight", chance.choice(("true", "false")))]
    if chance.random() < 0.1:
        parameters.append(("entity", f"place:{chance.choice(WORDS)}"))
    if chance.random() < 0.1:
        parameters.append(("cursor", chance.choice(("x", "WzEwXQ.x", "é" * 100))))
    return parameters


def _salad(chance: random.Random) -> str:
    parts = (chance.choice((chance.choice(WORDS), chance.choice(SIGNS))) for _ in range(chance.randrange(1, 40)))
    return chance.choice((" ", "")).join(parts)


def _many(chance: random.Random) -> str:
    ending = chance.choice(("", "*", "~"))
    return chance.choice((" ", " OR ", " AND ")).join(
        chance.choice(WORDS) + ending for _ in range(chance.randrange(1, 300))
    )


def _deep(chance: random.Random) -> str:
    depth = chance.randrange(1, 40)
    return "(" * depth + chance.choice(WORDS) + ")" * chance.choice((depth, depth - 1, 0))


def _short(chance: random.Random) -> str:
    letters = "".join(chance.choice("abcestino") for _ in range(chance.randrange(1, 5)))
    return letters + chance.choice(("*", "~", "*~", "~2", ""))


def _phrase(chance: random.Random) -> str:
    words = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 60)))
    return f'"{words}"~{chance.randrange(25)}'


def _noise(chance: random.Random) -> str:
    return "".join(
        chr(chance.choice((chance.randrange(0x20, 0x2FF), chance.randrange(0x300, 0xD800))))
        for _ in range(chance.randrange(1, 200))
    )


def _long(chance: random.Random) -> str:
    return chance.choice(WORDS) * chance.randrange(1, 300)


_SHAPES: Final[Sequence[Callable[[random.Random], str]]] = (
    _salad,
    _salad,
    _many,
    _deep,
    _short,
    _phrase,
    _noise,
    _long,
)


def _row(store: str, folder: Path, number: int) -> dict[str, object]:
    chance = random.Random(11)  # noqa: S311 - the same questions in every run
    statuses, taken, slowest = Counter[int](), [], (0.0, "")
    with serving_process(store, folder) as address, httpx.Client(base_url=address, timeout=60) as client:
        for _ in range(number):
            parameters = question(chance)
            started = time.perf_counter()
            answer = client.get("/v1/search", params=tuple(parameters))
            seconds = time.perf_counter() - started
            statuses[answer.status_code] += 1
            taken.append(seconds * 1_000)
            slowest = max(slowest, (seconds, str(parameters[0][1])))
            if answer.status_code >= 500:
                print(f"{answer.status_code}: {parameters!r}\n{answer.text[:500]}", flush=True)
    print(f"slowest, {slowest[0]:.2f} s: {slowest[1]!r}")
    return {
        "store": store.partition(":")[0],
        "questions": number,
        "answers by status": dict(sorted(statuses.items())),
        "p50 ms": percentile(taken, 50),
        "p99 ms": percentile(taken, 99),
        "slowest ms": round(max(taken)),
        f"over {SLOW:g} s": sum(ms > SLOW * 1_000 for ms in taken),
    }


if __name__ == "__main__":
    main()
