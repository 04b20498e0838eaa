"""The lock pins what pyproject asks for, by hash, and does not say where to get it."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
LOCK: Final = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ENTRIES: Final = [entry for entry in LOCK.replace("\\\n", " ").splitlines() if not entry.lstrip().startswith("#")]


def test_every_line_is_a_pinned_version_with_hashes() -> None:
    assert len(ENTRIES) > 100
    for entry in ENTRIES:
        assert re.fullmatch(
            r"[a-z0-9][a-z0-9.-]*(\[[a-z,]+])?==\S+( ; .+?)?( +--hash=sha256:[0-9a-f]{64})+ *", entry
        ), entry


def test_no_line_says_where_packages_come_from() -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|@ ", LOCK)


def test_it_holds_what_the_project_asks_for() -> None:
    locked = defaultdict(set)
    for entry in ENTRIES:
        requirement = Requirement(entry.partition(" --hash")[0].strip())
        [specifier] = requirement.specifier
        locked[canonicalize_name(requirement.name)].add(specifier.version)
    groups = (
        PROJECT["project"]["dependencies"],
        PROJECT["dependency-groups"]["dev"],
        PROJECT["build-system"]["requires"],
    )
    for requirement in (Requirement(text) for group in groups for text in group):
        versions = locked[canonicalize_name(requirement.name)]
        assert versions, requirement
        assert all(version in requirement.specifier for version in versions), requirement
