"""`dateline stories` and `dateline alerts` with their options. What does the work is imported when a command runs."""

from typing import Any, Final

import click

from service.cli.commands import Overrides, json_option, limit_option, section_option

_TYPES: Final = click.Choice(["person", "organisation", "place", "other", "story"])


@click.command()
@click.argument("story_id", metavar="ID")
@limit_option(10)
@json_option
@click.pass_obj
def stories(overrides: Overrides, /, **given: Any) -> None:
    """One story: its sources, names, course and articles.

    Its id is in what `dateline trends stories` and `dateline alerts` print, and in every article's JSON.
    """
    from service.cli import stories as work  # noqa: PLC0415 - `--help` answers at once

    work.show(overrides, **given)


@click.command()
@click.option("--since", metavar="TIME", help="Only what was raised, or was over, at this time or later.")
@section_option
@click.option("--type", "kind", type=_TYPES, help="Only names of this type, or only stories.")
@limit_option(20)
@json_option
@click.pass_obj
def alerts(overrides: Overrides, /, **given: Any) -> None:
    """What came to be in the news far more than usual."""
    from service.cli import alerts as work  # noqa: PLC0415 - likewise

    work.show(overrides, **given)
