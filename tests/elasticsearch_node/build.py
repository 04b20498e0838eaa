"""A runnable Elasticsearch from the published server jars: fetched by Maven, built once, kept under `var/`."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
CACHE: Final = HERE.parents[1] / "var" / "elasticsearch-node"
OLDEST_JAVA: Final = 21
SYSTEM_JDKS: Final = Path("/usr/lib/jvm")
_MODULE: Final = "transport-netty4"
_MODULE_CLASS: Final = "org.elasticsearch.transport.netty4.Netty4Plugin"


class CannotBuildError(Exception):
    """What this machine lacks, in one line."""


def find_jdk() -> Path:
    """A JDK that the server runs on: the first that is new enough in ES_JAVA_HOME, JAVA_HOME, /usr/lib/jvm."""
    for home in _candidates():
        if _java_version(home) >= OLDEST_JAVA and (home / "bin" / "javac").exists():
            return home
    raise CannotBuildError(f"no JDK {OLDEST_JAVA} or newer in ES_JAVA_HOME, JAVA_HOME or /usr/lib/jvm")


def build(jdk: Path, cache: Path = CACHE) -> Path:
    """The folder of the built server. Processes that ask at once wait for the first."""
    if shutil.which("mvn") is None:
        raise CannotBuildError("no mvn on the PATH")
    built = cache / _fingerprint()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            _build_at(built, jdk)
    return built


def _candidates() -> Iterator[Path]:
    yield from (Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name))
    yield from sorted(SYSTEM_JDKS.glob("*/"), reverse=True)


def _java_version(home: Path) -> int:
    release = home / "release"
    match = re.search(r'^JAVA_VERSION="(\d+)', release.read_text("utf-8"), re.MULTILINE) if release.exists() else None
    return int(match[1]) if match else 0


def _fingerprint() -> str:
    sources = [HERE / "pom.xml", Path(__file__), *sorted((HERE / "java").glob("*.java"))]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _build_at(built: Path, jdk: Path) -> None:
    with tempfile.TemporaryDirectory(dir=built.parent) as folder:
        home = Path(folder) / "home"
        jars = _fetch_jars(Path(folder) / "jars")
        version = _server_version(jars)
        _lay_out(jars, home)
        _compile(jdk, "BareNode", home / "lib", home / "main")
        _compile(jdk, "NewsAnalysis", home / "lib", home / "classes")
        _pack(jdk, home / "classes", home / "plugins" / "news-analysis" / "news-analysis.jar")
        _describe(home / "modules" / _MODULE, _MODULE_CLASS, version)
        _describe(home / "plugins" / "news-analysis", "NewsAnalysis", version)
        home.rename(built)


def _fetch_jars(folder: Path) -> list[Path]:
    goal = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}")
    _run("mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), *goal)
    return sorted(folder.glob("*.jar"))


def _server_version(jars: list[Path]) -> str:
    found = [match[1] for jar in jars if (match := re.fullmatch(r"elasticsearch-(\d[\d.]*)\.jar", jar.name))]
    return found[0]


def _lay_out(jars: list[Path], home: Path) -> None:
    for jar in jars:
        of_module = jar.name.startswith(("netty-", _MODULE))
        target = home / "modules" / _MODULE if of_module else home / "lib"
        target.mkdir(parents=True, exist_ok=True)
        jar.rename(target / jar.name)


def _compile(jdk: Path, name: str, library: Path, classes: Path) -> None:
    classes.mkdir()
    source = HERE / "java" / f"{name}.java"
    _run(str(jdk / "bin" / "javac"), "-nowarn", "-cp", f"{library}/*", "-d", str(classes), str(source))


def _pack(jdk: Path, classes: Path, jar: Path) -> None:
    jar.parent.mkdir(parents=True)
    _run(str(jdk / "bin" / "jar"), "--create", "--file", str(jar), "-C", str(classes), ".")


def _describe(folder: Path, main_class: str, version: str) -> None:
    properties = {
        "name": folder.name,
        "description": folder.name,
        "classname": main_class,
        "version": version,
        "elasticsearch.version": version,
        "java.version": str(OLDEST_JAVA),
    }
    text = "".join(f"{key}={value}\n" for key, value in properties.items())
    (folder / "plugin-descriptor.properties").write_text(text, "utf-8")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuildError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-500:]}")
