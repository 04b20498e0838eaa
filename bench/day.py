"""`python -m bench.day [DATE]`: a day of the corpus as the product tells it: top stories every six hours, and why."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bench.answers import filled
from bench.scale import STORES
from bench.tables import show
from indexer.times import DAY, HOUR, to_text
from service.answers.trend_models import TrendingStory
from service.answers.trend_questions import TrendingStoriesQuestion
from service.answers.trends import trends_stories
from service.newsroom import open_newsroom
from service.settings import load_settings


def main() -> None:
    """Print four tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.day")
    parser.add_argument("date", nargs="?", default="2023-11-17", help="a day of the corpus")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where the corpora are")
    options = parser.parse_args()
    store = f"embedded:{STORES / 'embedded'}/store"
    filled(options.data.absolute(), store, STORES / "embedded")
    midnight = int(datetime.fromisoformat(options.date).replace(tzinfo=UTC).timestamp() * 1_000)
    newsroom = open_newsroom(load_settings(store=store))
    newsroom.load_trends()
    for moment in range(midnight + 6 * HOUR, midnight + DAY + 1, 6 * HOUR):
        question = TrendingStoriesQuestion.model_validate({"as_of": to_text(moment), "explain": True, "limit": 6})
        show(f"{to_text(moment)}", [_row(item) for item in trends_stories(newsroom, question).items])
    newsroom.stop()


def _row(item: TrendingStory) -> dict[str, object]:
    reasons = item.explain
    numbers = {} if reasons is None else {"now": round(reasons.now, 1), "typical": round(reasons.typical, 1)}
    return {
        "story": item.story.title[:70],
        "status": item.status,
        **numbers,
        "z": round(reasons.z, 1) if reasons else None,
        "articles": item.articles,
        "sources": item.sources,
        "since": item.first_seen[5:16],
        "names": ", ".join(entity.name for entity in item.entities[:3]),
    }


if __name__ == "__main__":
    main()
