"""Which article a record is about: canonical addresses and the ids made from them."""

import re
from hashlib import sha256
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

_WEB: Final = re.compile(r"https?://[^\s<>\"\\/?#%]+(?:[/?#][^\s<>\"\\]*)?", re.IGNORECASE)
_PLAIN_HOST: Final = re.compile(r"https?://[a-z0-9.-]+(?:[/?#]|$)", re.IGNORECASE | re.ASCII)
"""How most addresses begin; one that does needs no closer look to be valid."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TRACKING: Final = frozenset({
    "_ga", "at_campaign", "at_medium", "dclid", "fbclid", "gbraid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid",
    "ns_campaign", "ns_linkname", "ns_mchannel", "ns_source", "ttclid", "twclid", "wbraid", "yclid",
})  # fmt: skip


def web_address(text: str) -> str | None:
    """The address, if it is one that a page may link to: http or https, with a host."""
    address = text.strip().replace(" ", "%20")
    return address if _WEB.fullmatch(address) and (_PLAIN_HOST.match(address) or _split(address)) else None


def canonical_url(url: str) -> str:
    """An http(s) URL without what does not say which page it is: host in lower case, no fragment, no tracking."""
    parts = _split(url)
    if parts is None:
        raise ValueError(f"{url!r} is not an http or https address")
    query = "&".join(pair for pair in parts.query.split("&") if not _is_tracking(pair.partition("=")[0].lower()))
    return urlunsplit((parts.scheme, _host(parts), parts.path or "/", query, ""))


def host_of(url: str) -> str:
    """The host of an http(s) URL in lower case, without www."""
    parts = _split(url)
    return ((parts and parts.hostname) or "").removeprefix("www.")


def url_id(url: str) -> str:
    """The id of what is at an address: 32 hex digits."""
    return _digest(canonical_url(url))


def text_id(source: str, title: str, date: str) -> str:
    """The id of an article without an address. `date` is the publisher's, empty where there is none."""
    return _digest(f"{source}\n{title}\n{date}")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        return None
    return parts if is_web else None


def _host(parts: SplitResult) -> str:
    user, at, address = parts.netloc.rpartition("@")
    default = f":{_DEFAULT_PORTS[parts.scheme]}"
    return user + at + address.lower().removesuffix(default).removesuffix(":")


def _is_tracking(parameter: str) -> bool:
    return parameter.startswith("utm_") or parameter in _TRACKING
