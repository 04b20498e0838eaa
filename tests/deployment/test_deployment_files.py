"""The compose file and the Dockerfile, held to the command line, the settings and the service that they start."""

import re
import tomllib
from typing import Final

import click
import pytest

from indexer.store.elasticsearch.address import parse_address
from service.cli.main import cli
from service.settings import PREFIX, Settings
from tests.deployment.compose import COMPOSE, ROOT, SERVICES
from tests.elasticsearch_node.node import IMAGE

OURS: Final = ("worker", "api-1", "api-2")
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text("utf-8")
VARIABLES: Final = {PREFIX + name.upper() for name in Settings.model_fields}


def parsed(arguments: list[str]) -> click.Context:
    """The context of a command line that the `dateline` command would run."""
    name, *rest = arguments
    return cli.commands[name].make_context(name, rest)


def test_there_are_a_store_a_worker_and_two_api_processes() -> None:
    assert set(SERVICES) == {"elasticsearch", *OURS}
    assert [SERVICES[name]["command"][0] for name in OURS] == ["work", "serve", "serve"]
    assert SERVICES["elasticsearch"]["image"] == IMAGE
    assert [SERVICES[name].get("ports") for name in OURS] == [None, ["127.0.0.1:8000:8000"], ["127.0.0.1:8001:8000"]]


@pytest.mark.parametrize("name", OURS)
def test_the_command_line_knows_each_command(name: str) -> None:
    context = parsed(SERVICES[name]["command"])
    if context.command.name == "serve":
        assert (context.params["host"], context.params["port"]) == ("0.0.0.0", 8000)  # noqa: S104 - inside a container


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert set(environment) <= VARIABLES
    address = parse_address(environment["DATELINE_STORE"])
    assert address.hosts == ("http://elasticsearch:9200",)
    assert environment["DATELINE_API_KEY"] is None, "an empty key is not the same as none"


def test_comments_name_settings_only() -> None:
    for text in (DOCKERFILE, (ROOT / "docker-compose.yml").read_text("utf-8")):
        assert set(re.findall(r"DATELINE_[A-Z_]+", text)) <= VARIABLES


@pytest.mark.parametrize("name", ["elasticsearch", *OURS])
def test_every_service_is_checked_limited_and_restarted(name: str) -> None:
    service = SERVICES[name]
    check = service["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= check.keys()
    assert "memory" in service["deploy"]["resources"]["limits"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_ours_wait_for_the_store_and_only_they_reach_it(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {"elasticsearch": {"condition": "service_healthy"}}
    assert SERVICES["elasticsearch"]["networks"] == ["store"]
    assert "ports" not in SERVICES["elasticsearch"]
    assert COMPOSE["networks"]["store"]["internal"]
    assert "store" in SERVICES[name]["networks"]


def test_volumes_are_declared() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert used == set(COMPOSE["volumes"])


def test_the_worker_is_checked_by_a_command_that_exists() -> None:
    _, program, *arguments = SERVICES["worker"]["healthcheck"]["test"]
    assert program == "dateline"
    assert parsed(arguments).command.name == "feeds"


def test_the_image_holds_every_package_and_installs_from_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = re.findall(r"^COPY (\S+) \./\1$", DOCKERFILE, re.MULTILINE)
    assert sorted(copied) == sorted(packages)
    let_in = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    files = ["requirements.lock", "pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]]
    assert sorted(let_in) == sorted(packages + files)
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert "--no-deps --no-build-isolation ." in DOCKERFILE


def test_the_image_does_not_run_as_root() -> None:
    before, after = DOCKERFILE.split("USER dateline", 1)
    assert "useradd" in before
    assert "RUN" not in after
    assert 'ENTRYPOINT ["dateline"]' in after
