"""Pages out of templates, with the headers that keep them harmless."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

PACKAGE: Final = "service.web"
SECURITY: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_STATIC: Final[Mapping[str, str]] = {"dateline.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Templates, and the static files by name."""

    templates: Environment
    static: Mapping[str, bytes]

    def page(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **shown: Any
    ) -> Response:
        """Render a template. Whatever is shown is escaped, unless it is Markup."""
        text = self.templates.get_template(template).render(shown)
        return HTMLResponse(text, status, {**SECURITY, **(headers or {})})

    def file(self, name: str) -> Response | None:
        """A static file; None if there is none of this name."""
        if name not in self.static:
            return None
        return Response(self.static[name], headers={**SECURITY, "Cache-Control": _FOR_A_YEAR}, media_type=_STATIC[name])


@cache
def load_renderer() -> Renderer:
    """Read templates and static files out of the package, once."""
    static = {name: files(PACKAGE).joinpath("static", name).read_bytes() for name in _STATIC}
    templates = Environment(
        loader=PackageLoader(PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["static"] = {name: f"/static/{name}?{_digest(content)}" for name, content in static.items()}
    return Renderer(templates, static)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]
