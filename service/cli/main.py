"""The `dateline` command: its one way in and out, and the exit code of every error."""

import sys
from typing import Final

import click

from indexer.errors import DatelineError, InvalidDecision, InvalidParameter, InvalidQuery, StoreUnavailable
from service.cli.commands import cli
from service.cli.entity_commands import entities
from service.cli.pin_commands import pins
from service.cli.story_commands import alerts, stories

__all__ = ["cli", "exit_code", "main", "run"]

DONE, FAILED, USAGE, STORE_AWAY, INTERRUPTED = 0, 1, 2, 3, 130

EXIT_CODES: Final[tuple[tuple[type[Exception], int], ...]] = (
    (StoreUnavailable, STORE_AWAY),
    (InvalidQuery, USAGE),
    (InvalidParameter, USAGE),
    (InvalidDecision, USAGE),
    (DatelineError, FAILED),
    (OSError, FAILED),
)
"""What is said in a sentence instead of a stack trace. The first row that fits decides."""

for _command in (stories, alerts, entities, pins):
    cli.add_command(_command)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; what can be foreseen to go wrong becomes one sentence on stderr and an exit code."""
    try:
        code = cli.main(arguments, prog_name="dateline", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except tuple(kind for kind, _ in EXIT_CODES) as error:
        click.echo(f"dateline: {_sentence(error)}", err=True)
        return exit_code(error)
    return code if isinstance(code, int) else DONE


def exit_code(error: Exception) -> int:
    """The exit code of an error that is in the table."""
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
