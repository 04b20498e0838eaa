"""A timeline as inline SVG, without script or style, as a strict content security policy wants it. CSS colours it."""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import pygal  # type: ignore[import-untyped]
from markupsafe import Markup
from pygal.etree import etree  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

from indexer.buckets import Interval
from indexer.times import parse, to_datetime
from service.answers.models import Bucket

# pygal leaves an import hook for plugins behind, which slows every later import and warns of its age in each.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]

WIDTH: Final = 720
HEIGHT: Final = 240
TITLE_ID: Final = "timeline-title"
DESCRIPTION_ID: Final = "timeline-description"
_FONT_SIZE: Final = 15
_LABELS: Final = 6
_FOR_SCRIPTS: Final = {"defs", "desc", "style", "script"}


class Bar(NamedTuple):
    """A bucket as readers see it. `label` names its time in full, `tick` short, for the axis."""

    label: str
    tick: str
    articles: int
    incomplete: bool


def bars(buckets: Sequence[Bucket], interval: Interval, zone: str) -> list[Bar]:
    """Name the buckets in the calendar they were counted in."""
    shown = ZoneInfo(zone)
    return [
        Bar(*names_of(to_datetime(parse(bucket.start)).astimezone(shown), interval), bucket.articles, bucket.incomplete)
        for bucket in buckets
    ]


def timeline(counted: Sequence[Bar], title: str, description: str) -> Markup:
    """Draw the bars. Both texts are for those who cannot see the drawing."""
    chart = pygal.Bar(
        width=WIDTH,
        height=HEIGHT,
        margin=4,
        margin_top=14,
        margin_right=44,
        spacing=6,
        show_legend=False,
        truncate_label=-1,
        y_labels=_ticks(max((bar.articles for bar in counted), default=0)),
        value_formatter=lambda value: f"{value:g}",
        style=Style(label_font_size=_FONT_SIZE, major_label_font_size=_FONT_SIZE),
        js=(),
        no_prefix=True,
    )
    every = max(1, -(-len(counted) // _LABELS))
    chart.x_labels = ["" if (len(counted) - 1 - place) % every else bar.tick for place, bar in enumerate(counted)]
    chart.add("", [_value(bar) for bar in counted])
    return _inline(chart.render_tree(), title, description)


def names_of(start: datetime, interval: Interval) -> tuple[str, str]:
    """A time in full, and short for the axis."""
    day = f"{start.day} {start:%b}"
    if interval == "hour":
        return f"{day} {start.year}, {start:%H:%M}", f"{start:%a %H:%M}"
    return (f"week from {day} {start.year}" if interval == "week" else f"{day} {start.year}"), day


def _ticks(highest: int) -> list[int]:
    """A few round numbers from 0 to the first one that no bar passes."""
    step = next(
        step for power in range(12) for step in (10**power, 2 * 10**power, 5 * 10**power) if 4 * step >= highest
    )
    return list(range(0, max(highest, 1) + step, step))


def _value(bar: Bar) -> dict[str, Any]:
    state = " (so far)" if bar.incomplete else ""
    kind = "bar-incomplete" if bar.incomplete else "bar-complete"
    return {"value": bar.articles, "tooltip": f"{bar.label}: {bar.articles}{state}", "node": {"class": kind}}


def _inline(svg: Any, title: str, description: str) -> Markup:
    _drop_what_needs_scripts_or_styles(svg)
    svg.remove(svg.find("title"))
    svg.insert(0, _described("title", TITLE_ID, title))
    svg.insert(1, _described("desc", DESCRIPTION_ID, description))
    svg.attrib.pop("id", None)
    svg.attrib.update({"role": "img", "aria-labelledby": f"{TITLE_ID} {DESCRIPTION_ID}", "class": "timeline"})
    return Markup(etree.tostring(svg, encoding="unicode"))  # noqa: S704 - pygal's own elements; etree escapes the texts


def _drop_what_needs_scripts_or_styles(svg: Any) -> None:
    for parent in list(svg.iter()):
        for child in list(parent):
            if child.tag in _FOR_SCRIPTS or "style" in child.attrib or not isinstance(child.tag, str):
                parent.remove(child)


def _described(tag: str, identifier: str, text: str) -> Any:
    element = etree.Element(tag, {"id": identifier})
    element.text = text
    return element
