"""Cursors: signed, and good only for the question they were given for."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from itsdangerous import BadSignature, Signer

from indexer.errors import InvalidParameter
from service.answers.questions import Question

Place = Sequence[int]


def write_cursor(secret: str, question: Question, place: Place) -> str:
    """The cursor that continues a question at a place."""
    return cursor_writer(secret, question)(place)


def cursor_writer(secret: str, question: Question) -> Callable[[Place], str]:
    """`write_cursor` for many places of one question."""
    signer = _signer(secret, question)
    return lambda place: signer.sign(".".join(map(str, place))).decode()


def read_cursor(secret: str, question: Question, cursor: str) -> list[int]:
    """The place of a cursor. InvalidParameter if it was not given for this question."""
    try:
        signed = _signer(secret, question).unsign(cursor).decode()
    except BadSignature:
        raise _not_given() from None
    place = list(map(int, signed.split(".")))
    # base64 spells the last bits of a signature in several ways; one of them was given
    if write_cursor(secret, question, place) != cursor:
        raise _not_given()
    return place


def _not_given() -> InvalidParameter:
    return InvalidParameter("cursor", "cursor: it was not given for this question; start without one")


def _signer(secret: str, question: Question) -> Signer:
    """Signs for one question, whatever the format of its answers: if anything else is asked, the signature is wrong."""
    salt = sha256(question.model_dump_json(exclude={"cursor", "format"}).encode()).digest()
    return Signer(secret, salt, digest_method=sha256)
