"""`dateline pins` with its commands and options. What does the work is imported when a command runs."""

from types import ModuleType
from typing import Any, Final

import click

from service.cli.commands import Overrides, json_option, limit_option
from service.cli.entity_commands import _deciding

_LISTS: Final = click.Choice(["entities", "stories", "articles"])


@click.group()
def pins() -> None:
    """Lists of trends: pin items to them, or hide items from them, for a time."""


def _placing(command: Any) -> Any:
    """What says which item, in which list, and for how long."""
    for option in (
        _deciding,
        click.option("--until", required=True, metavar="TIME", help="When it expires, at most 30 days from now."),
        click.option("--section", help="Only in the list of this section."),
        click.argument("item"),
        click.argument("list_", type=_LISTS, metavar="LIST"),
    ):
        command = option(command)
    return command


def _work() -> ModuleType:
    from service.cli import pins as work  # noqa: PLC0415 - `--help` answers at once

    return work


@pins.command("list")
@click.option("--list", "list_", type=_LISTS, help="Only decisions about this list.")
@click.option("--standing", is_flag=True, help="Only those in force now.")
@limit_option(20)
@json_option
@click.pass_obj
def show(overrides: Overrides, /, **given: Any) -> None:
    """What was pinned and hidden, the newest first."""
    _work().show(overrides, **given)


@pins.command()
@click.option("--position", type=click.IntRange(1, 100), help="Its place, from 1; before all others without one.")
@_placing
def pin(overrides: Overrides, /, **given: Any) -> None:
    """Keep an item at a place of a list.

    As in: dateline pins pin entities place:kursk --until 2024-11-15 --why "the story of the day"
    """
    _work().decide(overrides, "pin", **given)


@pins.command()
@_placing
def hide(overrides: Overrides, /, **given: Any) -> None:
    """Keep an item out of a list."""
    _work().decide(overrides, "hide", **given)


@pins.command()
@click.argument("decision", type=click.IntRange(1), metavar="NUMBER")
@_deciding
def lift(overrides: Overrides, /, **given: Any) -> None:
    """End an earlier decision before its time."""
    _work().decide(overrides, "lift", **given)
