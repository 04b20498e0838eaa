"""Every command with its options. `--help` answers at once: what does the work is imported when a command runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

Overrides = dict[str, object]
"""The settings that the command line gives instead of the environment."""

TYPES: Final = click.Choice(["person", "organisation", "place", "other"])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
section_option = click.option("--section", multiple=True, help="Only this section; again for more.")
type_option = click.option("--type", "kind", type=TYPES, help="Only names of this type.")


def limit_option(default: int) -> Callable[[Any], Any]:
    return click.option("--limit", type=click.IntRange(1, 100), default=default, show_default=True, help="At most.")


def dated(command: Any) -> Any:
    """The options of a span of time."""
    for option in (
        click.option("--tz", default="UTC", show_default=True, metavar="ZONE", help="The time zone of dates."),
        click.option("--to", metavar="DATE", help="Ranked before this time; a date includes that day."),
        click.option("--from", "from_", metavar="DATE", help="Ranked on this date, or at this time, or later."),
    ):
        command = option(command)
    return command


def _matching(command: Any) -> Any:
    """The options that say which articles."""
    for option in (
        dated,
        click.option("--story", multiple=True, metavar="ID", help="Only of this story; again for more."),
        click.option("--entity", multiple=True, metavar="ID", help="Only about this name, as place:kursk; or more."),
        click.option("--source", multiple=True, help="Only this publisher; again for more."),
        section_option,
        click.option("--any", "match", flag_value="any", default="all", help="Any of the words, not all."),
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--store", metavar="URL", help="The store, instead of DATELINE_STORE.")
@click.version_option(package_name="dateline", message="dateline %(version)s")
@click.pass_context
def cli(context: click.Context, store: str | None) -> None:
    """News in, answers out: search, names and explained trends.

    Every setting is an environment variable; `dateline settings` lists them. Data goes to stdout, messages to stderr.

    Exit codes: 0 done, 1 failed or partly failed, 2 usage, 3 store away.
    """
    context.obj = {"store": store} if store else {}


@cli.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH_OR_URL...")
@click.option(
    "--extractor", type=click.Choice(["spacy", "none"]), default="spacy", show_default=True, help="none skips names."
)
@click.option("--replay", is_flag=True, help="An archive: each article counts as seen when it was published.")
@click.option(
    "--dead-letters",
    type=click.Path(dir_okay=False, path_type=Path),
    default="dead-letters.jsonl",
    show_default=True,
    help="Where records that cannot be read are added, each with its line number and the reason.",
)
@click.pass_obj
def ingest(overrides: Overrides, /, **given: Any) -> int:
    """Read articles into the store.

    JSON Lines, RSS, Atom, JSON Feed, web pages and text pages; gzipped or not; files, folders or URLs.
    The same article twice changes nothing; a run that was stopped can simply be started again.
    """
    from service.cli.ingest import ingest

    return ingest(overrides, **given)


@cli.command()
@click.option("--host", help="The address to listen on, instead of DATELINE_HOST.")
@click.option("--port", type=click.IntRange(0, 65_535), help="The port, instead of DATELINE_PORT; 0 takes a free one.")
@click.pass_obj
def serve(overrides: Overrides, /, **given: Any) -> None:
    """Serve the API and the pages.

    On the embedded store this also does what `dateline work` does.
    """
    from service.cli.serve import serve

    serve(overrides | {name: value for name, value in given.items() if value is not None})


@cli.command()
@click.pass_obj
def work(overrides: Overrides) -> None:
    """Poll feeds and keep the text index up to date, until stopped.

    Any number may run; one does the chores, and another takes over when it dies.
    """
    from service.cli.serve import work

    work(overrides)


@cli.group()
def feeds() -> None:
    """Follow feeds: `dateline serve` or `dateline work` polls them."""


@feeds.command()
@click.argument("url")
@click.option("--title", default="", help="Its name; by default the one that the feed gives itself.")
@click.option("--every", default="15m", show_default=True, metavar="DURATION", help="How often to ask, as 5m or 2h.")
@click.pass_obj
def add(overrides: Overrides, /, **given: Any) -> None:
    """Follow a feed."""
    from service.cli import feeds

    feeds.add(overrides, **given)


@feeds.command()
@click.argument("url")
@click.pass_obj
def remove(overrides: Overrides, url: str) -> int:
    """Stop following a feed; its articles stay."""
    from service.cli import feeds

    return feeds.remove(overrides, url)


@feeds.command("list")
@json_option
@click.pass_obj
def list_(overrides: Overrides, *, as_json: bool) -> None:
    """The feeds and their health."""
    from service.cli import feeds

    feeds.show(overrides, as_json=as_json)


@feeds.command("import")
@click.argument("opml", type=click.File("rb"))
@click.pass_obj
def import_(overrides: Overrides, opml: BinaryIO) -> int:
    """Follow every feed of an OPML list."""
    from service.cli import feeds

    return feeds.import_opml(overrides, opml.read())


def _words(_context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a query, of which one may begin with a minus, but none as a long option does."""
    for word in words:
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    return words


_words_argument = click.argument("words", nargs=-1, callback=_words)
_MINUS: Final = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""What lets a word be excluded as in `search kursk -troops`: no option has one letter there."""


@cli.command(context_settings=_MINUS)
@_words_argument
@_matching
@click.option("--sort", type=click.Choice(["relevance", "newest", "oldest", "fresh"]))
@click.option("--half-life", metavar="DURATION", help="With --sort fresh: the age at which a match counts half; 7d.")
@click.option("--collapse", type=click.Choice(["story"]), help="Of each story only the first article.")
@limit_option(10)
@json_option
@click.pass_obj
def search(overrides: Overrides, /, **given: Any) -> None:
    """Articles by words.

    As in: dateline search kursk -troops, or dateline search '"north korea" NOT drones'.
    """
    from service.cli import ask

    ask.search(overrides, **given)


@cli.command(context_settings=_MINUS)
@_words_argument
@_matching
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help="How to write it."
)
@click.option("--bodies", is_flag=True, help="With the text of each article.")
@click.pass_obj
def export(overrides: Overrides, /, **given: Any) -> None:
    """Write every article that a search finds to a file, the oldest first.

    A JSON Lines file that was cut off is continued, if it was begun with the same words and options.
    """
    from service.cli import export

    export.export(overrides, **given)


@cli.command()
@click.argument("article_id", metavar="ID")
@section_option
@limit_option(10)
@dated
@json_option
@click.pass_obj
def similar(overrides: Overrides, /, **given: Any) -> None:
    """The articles most like one."""
    from service.cli import ask

    ask.similar(overrides, **given)


@cli.command()
@click.argument("what", type=click.Choice(["entities", "stories", "articles"]), default="entities")
@click.option("--section", help="Only this section.")
@type_option
@click.option("--half-life", default="10h", show_default=True, metavar="DURATION", help="How fast news ages.")
@click.option(
    "--novelty", type=click.FloatRange(0, 1), default=1.0, show_default=True, help="1 more than usual, 0 plain volume."
)
@click.option(
    "--min-sources", type=click.IntRange(1, 100), help="Of at least so many sources; 2 where there are three."
)
@click.option(
    "--diversity",
    type=click.FloatRange(0, 1),
    default=0.2,
    show_default=True,
    help="0 by score alone, 1 all different.",
)
@limit_option(10)
@click.option("--as-of", metavar="TIME", help="As it was at this moment.")
@json_option
@click.pass_obj
def trends(overrides: Overrides, /, **given: Any) -> None:
    """What matters now, and why."""
    from service.cli import ask

    ask.trends(overrides, **given)


@cli.command()
@click.pass_obj
def rebuild(overrides: Overrides) -> None:
    """Make what is derived from the articles afresh.

    Readers keep the old until the new is complete.
    """
    from service.cli import keep

    keep.rebuild(overrides)


@cli.command()
@click.option("--from", "source_url", metavar="URL", required=True, help="The store to copy, as DATELINE_STORE has it.")
@click.option("--to", "target_url", metavar="URL", required=True, help="The store to copy it to: a new or empty one.")
@click.pass_obj
def copy(overrides: Overrides, /, **given: Any) -> None:
    """Copy a newsroom from one store into another of any kind.

    Articles, feeds, decisions and what cursors are signed with. A copy that was stopped can simply be started again,
    and one that was complete brings over what has changed since.
    """
    from service.cli.copy import copy_store

    copy_store(overrides, **given)


@cli.command()
@json_option
@click.pass_obj
def doctor(overrides: Overrides, *, as_json: bool) -> int:
    """Check Python, the language model and the store."""
    from service.cli import keep

    return keep.doctor(overrides, as_json=as_json)


@cli.command()
@json_option
@click.pass_obj
def settings(overrides: Overrides, *, as_json: bool) -> None:
    """Every setting, its value now and what it is for.

    Secrets are not shown.
    """
    from service.cli import keep

    keep.settings(overrides, as_json=as_json)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="The port; 0 takes a free one."
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="var/demo",
    show_default=True,
    help="Where the demo keeps its own embedded store; no other store is touched.",
)
def demo(host: str, port: int, folder: Path) -> None:
    """Load the bundled sample newsroom and serve it."""
    from service.cli.demo import demo

    demo(host, port, folder)
