"""Every setting, its environment variable and its default. Read only by `load_settings`."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from indexer.errors import InvalidParameter
from service.rates import parse_rate

PREFIX: Final = "DATELINE_"


class Settings(BaseSettings):
    """The settings; each is the environment variable of its name in capitals behind DATELINE_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, extra="forbid")

    store: str = Field(
        "embedded:./var/dateline",
        description="Where the articles are: embedded:FOLDER, or elasticsearch+http(s)://HOST:PORT/NAME.",
    )
    api_key: SecretStr | None = Field(
        None, description="The key for writing over HTTP. Without one, nobody can write over HTTP."
    )
    elasticsearch_api_key: SecretStr | None = Field(None, description="The API key sent to Elasticsearch.")
    elasticsearch_ca: Path | None = Field(
        None, description="A file with the certificate authority of Elasticsearch, where the system does not know it."
    )
    model: str = Field(
        "dateline_news", description="The model that finds names: dateline's own, or an installed spaCy model."
    )
    demonyms: bool = Field(
        default=True, description='Whether "Russian" counts for Russia. The worker brings older articles level.'
    )
    processes: int = Field(1, ge=1, le=64, description="How many processes an ingest, or the service, finds names in.")
    host: str = Field("127.0.0.1", description="The address that `dateline serve` listens on.")
    port: int = Field(
        8000, ge=0, le=65_535, description="The port that `dateline serve` listens on; 0 takes a free one."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("*",), description="The web origins whose pages may read the API, separated by commas; * is all, empty none."
    )
    max_body_bytes: int = Field(20_000_000, ge=1_000, description="The largest body of a POST, in bytes.")
    rate_limit: str | None = Field(
        None, description="The most requests of one client, as 10/s, 600/min or 5000/h. Without one, any number."
    )
    allow_private_addresses: bool = Field(
        default=False, description="Whether feeds and pages may be fetched from private and local addresses."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="The least that is logged.")

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("rate_limit")
    @classmethod
    def _checked(cls, value: str | None) -> str | None:
        if value is not None:
            parse_rate(value)
        return value


def load_settings(**overrides: object) -> Settings:
    """The settings of the environment, under `overrides`. InvalidParameter names the variable that is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidParameter(name, f"{name}: {first['msg']}") from None
