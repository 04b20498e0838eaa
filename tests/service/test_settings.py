"""Settings come from the environment, say what is wrong with them, and keep secrets."""

import pytest

from indexer.errors import InvalidParameter
from service.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DATELINE_{name.upper()}", raising=False)


def test_defaults() -> None:
    settings = load_settings()
    assert settings.store == "embedded:./var/dateline"
    assert settings.api_key is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.cors_origins == ("*",)
    assert settings.allow_private_addresses is False


def test_the_environment_sets_them_and_overrides_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_STORE", "embedded:/somewhere")
    monkeypatch.setenv("DATELINE_CORS_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("DATELINE_ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.setenv("DATELINE_PORT", "9000")
    settings = load_settings(port=9001)
    assert settings.store == "embedded:/somewhere"
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.allow_private_addresses is True
    assert settings.port == 9001


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "70000"), ("LOG_LEVEL", "LOUD"), ("PROCESSES", "0"), ("RATE_LIMIT", "many")],
)
def test_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"DATELINE_{name}", value)
    with pytest.raises(InvalidParameter) as caught:
        load_settings()
    assert caught.value.parameter == f"DATELINE_{name}"
    assert str(caught.value).startswith(f"DATELINE_{name}: ")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_API_KEY", "hush")
    monkeypatch.setenv("DATELINE_ELASTICSEARCH_API_KEY", "hush")
    settings = load_settings()
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "hush"


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())
