import os
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy

from service.cli.main import run
from tests.service.cli.command import environment

Inside = Callable[..., tuple[str, str]]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A language model that loads quickly and has learned nothing."""
    folder: Path = tmp_path_factory.mktemp("model") / "small"
    model = spacy.blank("en")
    model.add_pipe("ner").add_label("PERSON")  # type: ignore[attr-defined]
    model.initialize()
    model.to_disk(folder)
    return str(folder)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - environment().keys():
        monkeypatch.delenv(name)


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Inside:
    """Runs a command in this process, in the folder of the test; what went to stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def runs(*arguments: str, code: int = 0) -> tuple[str, str]:
        assert run(list(arguments)) == code
        return capsys.readouterr()

    return runs
