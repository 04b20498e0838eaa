"""Articles over time on a page: a chart, the same in words, and a table of it with links."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from service.web.chart import Bar, timeline


class Row(NamedTuple):
    """A bar of the chart as a row of the table, with a link to its articles."""

    bar: Bar
    href: str


class History(NamedTuple):
    chart: Markup
    rows: list[Row]
    zone: str


def history(title: str, rows: list[Row], zone: str) -> History:
    """Draw rows as a chart."""
    counted = [row.bar for row in rows]
    return History(timeline(counted, title, described(counted)), rows, zone)


def described(counted: Sequence[Bar]) -> str:
    """The chart in words."""
    if not any(bar.articles for bar in counted):
        return "No articles in this time."
    most = max(counted, key=lambda bar: bar.articles)
    ending = " The last bar is not over yet." if counted[-1].incomplete else ""
    return f"{sum(bar.articles for bar in counted)} articles, the most ({most.articles}) in {most.label}.{ending}"
