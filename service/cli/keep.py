"""`dateline rebuild`, `doctor` and `settings`: looking after an installation."""

import sys
from collections.abc import Callable
from contextlib import closing
from typing import Final

from indexer.errors import DatelineError
from indexer.store.port import Selection
from nlp.errors import ModelUnavailable
from nlp.spacy_extractor import load
from service.cli.commands import Overrides
from service.cli.output import emit, say, table
from service.ingesting import store_of
from service.settings import PREFIX, Settings, load_settings


def rebuild(overrides: Overrides) -> None:
    """Make the store's derived parts afresh."""
    # Not prepared: a mapping that is not understood is one of the things that a rebuild mends.
    with closing(store_of(load_settings(**overrides))) as store:
        store.changes(None, 1)  # raises where there is no store
        say("rebuilding; searches go on meanwhile")
        store.rebuild()
    say("rebuilt")


def settings(overrides: Overrides, *, as_json: bool) -> None:
    """Print every setting."""
    values = load_settings(**overrides).model_dump(mode="json")
    if as_json:
        emit({PREFIX + name.upper(): value for name, value in values.items()})
        return
    rows = [
        (PREFIX + name.upper(), _as_set(values[name]), field.description)
        for name, field in Settings.model_fields.items()
    ]
    table(("variable", "value", "what it is for"), rows)


def doctor(overrides: Overrides, *, as_json: bool) -> int:
    """Print what each check found; 1 if one found trouble."""
    settings = load_settings(**overrides)
    rows = [(name, *_outcome(check, settings)) for name, check in _CHECKS.items()]
    if as_json:
        emit([{"check": name, "ok": ok, "found": found} for name, ok, found in rows])
    else:
        table(("check", "", "found"), [(name, "ok" if ok else "TROUBLE", found) for name, ok, found in rows])
    return 0 if all(ok for _, ok, _ in rows) else 1


def _as_set(value: object) -> object:
    """A value as the environment variable would have it."""
    return ",".join(value) if isinstance(value, list) else value


def _outcome(check: Callable[[Settings], str], settings: Settings) -> tuple[bool, str]:
    try:
        return True, check(settings)
    except (DatelineError, ModelUnavailable) as error:
        return False, str(error)


def _python(_: Settings) -> str:
    return sys.version.split()[0]


def _model(settings: Settings) -> str:
    return load(settings.model).name


def _store(settings: Settings) -> str:
    with closing(store_of(settings)) as store:
        store.ping()
        return f"{settings.store}: {store.count(Selection()):,} articles, {store.behind():,} changes to take in"


_CHECKS: Final = {"python": _python, "model": _model, "store": _store}
