"""Stories over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from service.answers.models import as_json
from service.answers.questions import StoryQuestion
from service.answers.stories import story
from service.answers.story_models import StoryAnswer
from service.api.parameters import only
from service.api.problems import problems
from service.newsroom import Newsroom

JSON: Final = "application/json"


def add_stories(router: APIRouter, newsroom: Newsroom) -> None:
    """Add the endpoints of stories."""

    @router.get(
        "/stories/{story_id}",
        tags=["stories"],
        dependencies=[only(StoryQuestion)],
        response_model=StoryAnswer,
        responses=problems(400, 404, 503),
    )
    def get_story(story_id: str, question: Annotated[StoryQuestion, Query()]) -> Response:
        """What publishers write about one event: its articles, its sources, its names, its course."""
        return Response(as_json(story(newsroom, story_id, question)), media_type=JSON)
