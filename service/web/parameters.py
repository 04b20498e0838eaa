"""The parameters of a page: those of the question it asks, as a browser sends them. Others are no business of ours."""

from typing import TypeVar

from starlette.datastructures import QueryParams

from service.answers.questions import Question, ask, parameters_of
from service.web.address import Address

_AnyQuestion = TypeVar("_AnyQuestion", bound=Question)


def question(kind: type[_AnyQuestion], given: QueryParams, **defaults: object) -> _AnyQuestion:
    """The question that a browser asks, with defaults for what it does not say. InvalidParameter."""
    asked = {
        name: given.getlist(name) if many else given[name]
        for name, many in parameters_of(kind).items()
        if given.get(name)
    }
    return ask(kind, defaults | asked)


def address(kind: type[Question], path: str, given: QueryParams) -> Address:
    """The address of the page that answers, without parameters that are blank or unknown."""
    known = parameters_of(kind)
    return Address(path, tuple((name, value) for name, value in given.multi_items() if name in known and value.strip()))
