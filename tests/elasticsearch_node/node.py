"""Starting a node and stopping it again: from jars, or from the official image where there is Docker."""

import contextlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.elasticsearch_node.build import CannotBuildError, build, find_jdk

IMAGE: Final = "elasticsearch:9.2.0"
PATIENCE: Final = 120.0
_LOGGING: Final = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
_SETTINGS: Final = """\
cluster.name: test
node.name: test
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: 0
path.data: {folder}/data
path.logs: {folder}/logs
node.portsfile: true
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""


class NoNodeError(Exception):
    """Why there is no node, in one line."""


@contextlib.contextmanager
def running(port: int = 0, heap: str = "1g") -> Iterator[str]:
    """The URL of a healthy, empty node on 127.0.0.1, for as long as the context lasts. Port 0: any free one."""
    try:
        jdk = find_jdk()
        home = build(jdk)
    except CannotBuildError as lack:
        with _in_docker(port, heap, str(lack)) as url:
            yield url
    else:
        with _from_jars(jdk, home, port, heap) as url:
            yield url


@contextlib.contextmanager
def _from_jars(jdk: Path, home: Path, port: int, heap: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="elasticsearch-node-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        config = _configure(folder, port)
        with (folder / "output.txt").open("wb") as output:
            process = subprocess.Popen(
                _java_command(jdk, home, config, heap), stdin=subprocess.PIPE, stdout=output, stderr=output
            )
        try:
            yield _wait_for(process, folder)
        finally:
            _stop(process)


def _configure(folder: Path, port: int) -> Path:
    config = folder / "config"
    config.mkdir()
    (folder / "logs").mkdir()
    (config / "elasticsearch.yml").write_text(_SETTINGS.format(port=port, folder=folder), "utf-8")
    (config / "log4j2.properties").write_text(_LOGGING, "utf-8")
    return config


def _java_command(jdk: Path, home: Path, config: Path, heap: str) -> list[str]:
    return [
        str(jdk / "bin" / "java"),
        f"-Xms{heap}",
        f"-Xmx{heap}",
        "--enable-native-access=ALL-UNNAMED",
        "--add-modules=jdk.incubator.vector",
        f"-Des.path.home={home}",
        "-cp",
        f"{home}/main:{home}/lib/*",
        "BareNode",
        str(home),
        str(config),
    ]


def _wait_for(process: subprocess.Popen[bytes], folder: Path) -> str:
    ports = folder / "logs" / "http.ports"
    for _ in _moments():
        if process.poll() is not None:
            break
        address = ports.read_text("utf-8").split() if ports.exists() else []
        if address and _healthy(url := f"http://{address[0]}"):
            return url
    said = (folder / "output.txt").read_text("utf-8", "replace").split()
    raise NoNodeError(f"the Elasticsearch node did not start: {' '.join(said)[-800:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


@contextlib.contextmanager
def _in_docker(port: int, heap: str, lack: str) -> Iterator[str]:
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        raise NoNodeError(f"no Elasticsearch: {lack}, and Docker does not answer")
    settings = ("discovery.type=single-node", "xpack.security.enabled=false", f"ES_JAVA_OPTS=-Xms{heap} -Xmx{heap}")
    environment = [word for setting in settings for word in ("--env", setting)]
    container = _docker("run", "--detach", "--rm", "--publish", f"127.0.0.1:{port}:9200", *environment, IMAGE)
    try:
        yield _wait_for_container(container)
    finally:
        _docker("stop", container)


def _docker_answers() -> bool:
    installed = shutil.which("docker") is not None
    return installed and subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def _wait_for_container(container: str) -> str:
    url = f"http://{_docker('port', container, '9200/tcp').splitlines()[0]}"
    if not any(_healthy(url) for _ in _moments()):
        raise NoNodeError(f"the container of {IMAGE} did not become healthy in {PATIENCE:.0f} s")
    return url


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoNodeError(f"docker {arguments[0]} failed: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()


def _moments() -> Iterator[None]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        yield
        time.sleep(0.1)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5) as answer:  # noqa: S310 - ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
