"""What decides whether and how there is a node; that it works, every test that uses it shows."""

import shutil
from pathlib import Path

import pytest

from tests.elasticsearch_node import build as building
from tests.elasticsearch_node import node, plugin
from tests.elasticsearch_node.build import CannotBuildError, build, find_jdk


def jdk(home: Path, version: str) -> Path:
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "javac").touch()
    (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n', "utf-8")
    return home


def test_the_first_jdk_that_is_new_enough_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ES_JAVA_HOME", str(tmp_path / "missing"))
    monkeypatch.setenv("JAVA_HOME", str(jdk(tmp_path / "old", "17.0.15")))
    monkeypatch.setattr(building, "SYSTEM_JDKS", tmp_path / "jvm")
    with pytest.raises(CannotBuildError, match="no JDK 21 or newer"):
        find_jdk()
    installed = jdk(tmp_path / "jvm" / "temurin-25", "25.0.3")
    assert find_jdk() == installed
    monkeypatch.setenv("JAVA_HOME", str(jdk(tmp_path / "own", "21")))
    assert find_jdk() == tmp_path / "own"


def test_a_jre_is_not_a_jdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (jdk(tmp_path / "jre", "25") / "bin" / "javac").unlink()
    monkeypatch.setenv("ES_JAVA_HOME", str(tmp_path / "jre"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(building, "SYSTEM_JDKS", tmp_path)
    with pytest.raises(CannotBuildError):
        find_jdk()


def test_a_machine_with_neither_maven_nor_docker_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(CannotBuildError, match="no mvn"):
        build(tmp_path, tmp_path)
    monkeypatch.setattr(node, "find_jdk", lambda: tmp_path)
    with pytest.raises(node.NoNodeError) as lack, node.running():
        pass
    assert str(lack.value) == "no Elasticsearch: no mvn on the PATH, and Docker does not answer"


def test_tests_skip_without_a_node_and_fail_where_one_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_ES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no mvn"):
        plugin._do_without("no mvn")
    monkeypatch.setenv("REQUIRE_ES", "1")
    with pytest.raises(pytest.fail.Exception, match="REQUIRE_ES=1, but no mvn"):
        plugin._do_without("no mvn")
