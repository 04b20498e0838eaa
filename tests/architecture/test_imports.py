"""The direction of imports is held by import-linter; here a planted breach shows that it would be seen."""

import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("service", "indexer", "nlp", "mappings")
BREACHES = {
    "nlp/breach.py": "import indexer.article",
    "indexer/breach.py": "import service.settings",
    "indexer/query/breach.py": "import elasticsearch",
    "service/breach.py": "import tantivy",
    "indexer/sources/breach.py": "import spacy",
    "nlp/breach_too.py": "import fastapi",
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    lint = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([lint, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_go_one_way(copy: Path) -> None:
    result = _lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", BREACHES)
def test_a_breach_is_seen(copy: Path, path: str) -> None:
    breach = copy / path
    breach.write_text(BREACHES[path] + "\n")
    try:
        result = _lint(copy)
    finally:
        breach.unlink()
    assert result.returncode == 1
    assert "BROKEN" in result.stdout


def test_no_other_distribution_owns_our_import_names() -> None:
    owners = packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, ["dateline"])) == {"dateline"}
