"""`dateline entities` with its commands and options. What does the work is imported when a command runs."""

from getpass import getuser
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import click

from service.cli.commands import TYPES, Overrides, dated, json_option, limit_option, section_option, type_option

_KINDS: Final = {"duplicates": "duplicate", "junk": "junk", "abbreviations": "abbreviation"}
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


def _login_name() -> str:
    """Empty for a user whom the system has no name for, as in containers."""
    try:
        return getuser()
    except (KeyError, OSError):
        return ""


@click.group()
def entities() -> None:
    """Names: list them, and mend them; stories are merged and split by the same commands.

    A decision takes effect in all articles within seconds, while `dateline serve` or `dateline work` runs.
    """


def _deciding(command: Any) -> Any:
    """The options of every decision."""
    for option in (
        click.option("--who", default=_login_name, show_default="your login name", help="Who decides."),
        click.option("--why", required=True, help="The reason, for those who wonder later."),
    ):
        command = option(command)
    return click.pass_obj(command)


def _work() -> ModuleType:
    from service.cli import entities as work  # noqa: PLC0415 - `--help` answers at once

    return work


def _suggesting() -> ModuleType:
    from service.cli import suggestions  # noqa: PLC0415 - likewise

    return suggestions


@entities.command("list")
@click.argument("text", default="")
@type_option
@section_option
@limit_option(20)
@dated
@json_option
@click.pass_obj
def list_(overrides: Overrides, /, **given: Any) -> None:
    """Names, and in how many articles they are."""
    from service.cli import ask  # noqa: PLC0415 - likewise

    ask.entities(overrides, **given)


@entities.command()
@click.argument("entity")
@click.argument("into")
@_deciding
def merge(overrides: Overrides, /, **given: Any) -> None:
    """Make everything of one entity or story another's.

    As in: dateline entities merge person:j-doe person:jane-doe --why "the same person"; a story is story:ID.
    """
    _work().decide(overrides, "merge", **given)


@entities.command()
@click.argument("entity")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--new-name", default="", help="The name of the new entity.")
@click.option("--type", type=TYPES, help="The type of the new entity.")
@_deciding
def split(overrides: Overrides, /, **given: Any) -> None:
    """Make names of an entity an entity of its own, which has a name and a type.

    Of a story, as story:ID, articles are split off: the names are their ids.
    """
    _work().decide(overrides, "split", **given)


@entities.command()
@click.argument("entity")
@click.argument("surface", metavar="NAME")
@_deciding
def alias(overrides: Overrides, /, **given: Any) -> None:
    """Let a name always mean an entity."""
    _work().decide(overrides, "alias", **given)


@entities.command()
@click.argument("entity")
@_deciding
def hide(overrides: Overrides, /, **given: Any) -> None:
    """Take an entity out of all articles and lists."""
    _work().decide(overrides, "hide", **given)


@entities.command()
@click.argument("entity")
@click.argument("type", type=TYPES)
@_deciding
def retype(overrides: Overrides, /, **given: Any) -> None:
    """Change the type of an entity; its id stays."""
    _work().decide(overrides, "retype", **given)


@entities.command()
@click.argument("decision", type=click.IntRange(1), metavar="NUMBER")
@_deciding
def undo(overrides: Overrides, /, **given: Any) -> None:
    """Take a decision back, as if it had never been."""
    _work().decide(overrides, "undo", **given)


@entities.command()
@click.option("--entity", multiple=True, metavar="ID", help="Only decisions about this name; again for more.")
@limit_option(20)
@json_option
@click.pass_obj
def decisions(overrides: Overrides, /, **given: Any) -> None:
    """What was decided, the newest first."""
    _work().decisions(overrides, **given)


@entities.command()
@click.option("--kind", type=click.Choice(list(_KINDS)), help="Only suggestions of this kind.")
@limit_option(20)
@json_option
@click.pass_obj
def suggest(overrides: Overrides, /, kind: str | None, **given: Any) -> None:
    """What may be worth deciding: likely duplicates, likely junk, abbreviations that articles define.

    Nothing is decided: `accept` or `refuse` each by its id.
    """
    _suggesting().suggest(overrides, kind=kind and _KINDS[kind], **given)


@entities.command()
@click.argument("suggestion", metavar="ID")
@_deciding
def accept(overrides: Overrides, /, **given: Any) -> None:
    """Take the decision that is suggested."""
    _suggesting().judge(overrides, verdict="accepted", **given)


@entities.command()
@click.argument("suggestion", metavar="ID")
@_deciding
def refuse(overrides: Overrides, /, **given: Any) -> None:
    """Do not have this suggested again."""
    _suggesting().judge(overrides, verdict="refused", **given)


@entities.command()
@click.argument("file", type=_FILE)
@click.pass_obj
def export(overrides: Overrides, file: Path) -> None:
    """Write every decision to a .csv or .json file."""
    _work().export(overrides, file)


@entities.command("import")
@click.argument("file", type=_FILE)
@click.option(
    "--who", default=_login_name, show_default="your login name", help="Who decides, if the file does not say."
)
@click.pass_obj
def import_(overrides: Overrides, file: Path, who: str) -> int:
    """Take the decisions of a .csv or .json file.

    One that was taken from it before is not taken again. A line that cannot be decided is reported with its number, and
    the others are taken.
    """
    count: int = _work().import_decisions(overrides, file, who)
    return count
