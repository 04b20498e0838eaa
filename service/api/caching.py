"""Answers that are polled: a weak ETag over what they list, and how long they may be kept."""

from collections.abc import Iterable
from hashlib import sha256

from fastapi import Request, Response

CACHE_CONTROL = "public, max-age=30, stale-while-revalidate=300"


def polled(request: Request, content: bytes, media_type: str, listed: Iterable[str]) -> Response:
    """The answer, or 304 where the client has one that lists the same; `listed` are ids with their
    titles and status, in order.
    """
    digest = sha256("\n".join((media_type, *listed)).encode()).hexdigest()[:32]
    headers = {"ETag": f'W/"{digest}"', "Cache-Control": CACHE_CONTROL}
    if _has(request.headers.get("if-none-match", ""), digest):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _has(if_none_match: str, digest: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2)."""
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in if_none_match.split(",")}
    return digest in tags or "*" in tags
