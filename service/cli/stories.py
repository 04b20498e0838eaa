"""`dateline stories`: one story at the terminal."""

from typing import Any

from service.answers import stories as telling
from service.answers.questions import StoryQuestion, ask
from service.answers.story_models import StoryAnswer
from service.cli.ask import asking, list_articles, named
from service.cli.commands import Overrides
from service.cli.output import emit, minute, table, write


def show(overrides: Overrides, *, story_id: str, limit: int, as_json: bool, **given: Any) -> None:
    """Print a story and its newest articles."""
    question = ask(StoryQuestion, named(given) | {"page_size": limit})
    with asking(overrides) as newsroom:
        # What was merged into another is asked for by its old id, too.
        answer = telling.story(newsroom, newsroom.names.rulings.stories.leads_to(story_id), question)
    if as_json:
        emit(answer.model_dump(mode="json", exclude_unset=True))
    else:
        _tell(answer)


def _tell(story: StoryAnswer) -> None:
    counted = f"{story.articles:,} article{'' if story.articles == 1 else 's'}"
    write(story.title)
    write(f"{story.status}, {counted}, {minute(story.first_seen)} to {minute(story.last_seen)}")
    write()
    table(("source", "articles"), [(one.value, one.articles) for one in story.sources], numbers=("articles",))
    write()
    names = [(one.entity.name, one.entity.type, one.articles, one.entity.id) for one in story.entities]
    table(("name", "type", "articles", "id"), names, numbers=("articles",))
    write()
    course = [(minute(one.start), one.articles) for one in story.timeline.buckets if one.articles]
    table((story.timeline.interval, "articles"), course, numbers=("articles",))
    write()
    list_articles(story.items)
