"""Cursors: signed, and good only for the question they were given for."""

from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from indexer.errors import InvalidParameter
from service.answers.questions import Question


def write_cursor(secret: str, question: Question, place: list[int]) -> str:
    """The cursor that continues a question at a place."""
    return str(_serializer(secret, question).dumps(place))


def read_cursor(secret: str, question: Question, cursor: str) -> list[int]:
    """The place of a cursor. InvalidParameter if it was not given for this question."""
    try:
        place: list[int] = _serializer(secret, question).loads(cursor)
    except BadData:
        raise _not_given() from None
    # base64 spells the last bits of a signature in several ways; one of them was given
    if write_cursor(secret, question, place) != cursor:
        raise _not_given()
    return place


def _not_given() -> InvalidParameter:
    return InvalidParameter("cursor", "cursor: it was not given for this question; start without one")


def _serializer(secret: str, question: Question) -> URLSafeSerializer:
    """Signs for one question, whatever the format of its answers: if anything else is asked, the signature is wrong."""
    salt = sha256(question.model_dump_json(exclude={"cursor", "format"}).encode()).digest()
    return URLSafeSerializer(secret, salt, signer_kwargs={"digest_method": sha256})
