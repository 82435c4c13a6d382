"""The settings: read from the environment (``AIAS_*``, ``DATABASE_URL``) and from ``.env`` in the working folder.

The environment wins over ``.env``. ``DATABASE_URL`` and the PG* variables carry their usual names; everything else is
``AIAS_`` and the field's name in capitals. PG* is libpq's business: with any of them set and no ``DATABASE_URL`` the
connection string is empty and libpq reads them itself.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from aias.errors import ConfigurationError

__all__ = ["Settings", "default_home", "get_settings", "variable_name"]

# The variables that say *where* a server is. PGUSER or PGPASSWORD alone (common in shells) choose nothing.
_LIBPQ_SERVER = ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT")


def default_home() -> Path:
    """Where the embedded PostgreSQL, its logs and the master key live when AIAS_HOME is not set.

    The platform's user data folder; for root ``/var/lib/aias`` instead, because PostgreSQL refuses to run as root and
    the account it runs under can't (and must not be let) look into root's home.
    """
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/aias")
    return Path(platformdirs.user_data_dir("aias", appauthor=False))


class Settings(BaseSettings):
    """Every setting of AIAS; ``aias config`` lists them with their values and sources."""

    model_config = SettingsConfigDict(
        env_prefix="AIAS_", env_file=".env", extra="ignore", env_ignore_empty=True, populate_by_name=True, frozen=True
    )

    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "AIAS_DATABASE_URL"),
        description="Where PostgreSQL is; without it (and without PG*) the embedded one under AIAS_HOME.",
    )
    home: Path = Field(default_factory=default_home, description="Folder of the embedded PostgreSQL and the keys.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe messages that are logged (to stderr)."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="How they look: json, text for people, auto (text on a terminal)."
    )
    log_store: Literal["off", "debug", "info", "warning", "error"] = Field(
        default="info", description="The least severe messages that are kept in PostgreSQL (aias logs); off: none."
    )
    master_key: SecretStr | None = Field(
        default=None,
        description="32 bytes, base64: seals integration credentials. Without it: AIAS_HOME/master.key, made once.",
    )
    master_key_previous: SecretStr | None = Field(
        default=None,
        description="The master key before, while `aias integration rotate-keys --master` replaces it.",
    )
    audit_key: Path | None = Field(
        default=None,
        description="File of the Ed25519 key that signs checkpoints of the audit log; else AIAS_HOME/audit.key.",
    )
    shopify_client_id: str | None = Field(default=None, description="The Shopify app's client id, for OAuth.")
    shopify_client_secret: SecretStr | None = Field(default=None, description="The Shopify app's client secret.")
    shopify_scopes: str = Field(
        default="read_orders,write_orders,read_products,write_products,read_customers,write_customers",
        description="What Shopify shops are asked to consent to, by commas.",
    )
    shopify_oauth_url: str | None = Field(
        default=None, description="Where Shopify's OAuth is, instead of at each shop: a local server."
    )
    wave_client_id: str | None = Field(default=None, description="The Wave app's client id, for OAuth.")
    wave_client_secret: SecretStr | None = Field(default=None, description="The Wave app's client secret.")
    wave_scopes: str = Field(
        default="business:read user:read account:read customer:* product:* sales_tax:read invoice:* transaction:* "
        "offline_access",
        description="What Wave accounts are asked to consent to, by spaces; offline_access gives a refresh token.",
    )
    wave_oauth_url: str = Field(default="https://api.waveapps.com", description="Where Wave's OAuth is.")
    oauth_pkce: str = Field(
        default="", description="Kinds of connection whose OAuth takes PKCE (S256), by commas: shopify, wave."
    )
    egress_allow: str = Field(
        default="",
        description="What calls may reach beyond public addresses: host, host:port, address, network; by commas.",
    )
    simulators: str | None = Field(
        default=None,
        description="Where the local servers are that samples run against: what `aias simulator all --json` prints,"
        " or @ and a file with it; default: those of a running `aias up --simulators`. Their addresses must be in"
        " AIAS_EGRESS_ALLOW too.",
    )
    call_timeout: float = Field(
        default=30.0, gt=0, le=600, description="Seconds that one call to an upstream may take, everything included."
    )
    heartbeat_every: float = Field(default=10.0, gt=0, le=3600, description="Seconds between a worker's heartbeats.")
    stalled_after: float = Field(
        default=30.0, gt=0, le=86400, description="Seconds without heartbeat after which a worker counts as dead."
    )
    sweep_every: float = Field(
        default=10.0, gt=0, le=3600, description="Seconds between a worker's looks for dead ones."
    )
    worker_concurrency: int = Field(
        default=20, ge=1, le=1000, description="Jobs that a worker runs at a time, unless it is told otherwise."
    )
    shutdown_grace: float = Field(
        default=30.0,
        ge=0,
        le=86400,
        description="Seconds that running jobs get to end when a worker is stopped; then they go back to the queue.",
    )
    max_loop_block: float = Field(
        default=600.0,
        gt=0,
        le=86400,
        description="Seconds for which a task may block a worker's event loop before the process ends itself.",
    )
    plugin_timeout: float = Field(
        default=20.0, gt=0, le=600, description="Seconds that a plugin may take to load before it is left out."
    )
    max_input_bytes: int = Field(
        default=1_000_000, gt=0, le=100_000_000, description="Largest input of a workflow or argument of a job."
    )
    api_pool: int = Field(default=10, ge=1, le=1000, description="Connections that the HTTP server keeps at most.")
    api_request_timeout: float = Field(
        default=30.0, gt=0, le=3600, description="Seconds after which an HTTP request is given up (504)."
    )
    api_body_limit: int = Field(
        default=2_000_000, gt=0, le=100_000_000, description="Largest body of an HTTP request, in bytes (413)."
    )
    api_operator_rate: int = Field(
        default=6000,
        gt=0,
        le=1_000_000,
        description="HTTP requests a minute of an operator's key without its own limit.",
    )
    api_cors_origins: str = Field(
        default="", description="Origins whose pages may call the HTTP API from a browser, by commas; none by default."
    )
    api_trusted_proxies: str = Field(
        default="", description="Addresses or networks, by commas, whose X-Forwarded-For is believed; none by default."
    )
    api_telemetry_limit: int = Field(
        default=10_000_000,
        gt=0,
        le=100_000_000,
        description="Largest body of telemetry after decompression, in bytes (413).",
    )
    api_telemetry_buffer: int = Field(
        default=32_000_000,
        gt=0,
        le=10_000_000_000,
        description="Telemetry that may wait to be stored, in bytes; beyond it calls are sent away (503).",
    )
    api_streams: int = Field(
        default=50, gt=0, le=10_000, description="Streams (followed logs) that the HTTP server keeps open at most."
    )
    dashboard_url: str | None = Field(
        default=None,
        pattern="^https?://[^/]+/?$",
        description="Where people reach the dashboard: https://aias.example; links by mail need it, and lead there.",
    )
    dashboard_idle: float = Field(
        default=7200.0, ge=60, le=2_592_000, description="Seconds without a request after which a person is signed out."
    )
    dashboard_lifetime: float = Field(
        default=86_400.0, ge=60, le=2_592_000, description="Seconds after which a person is signed out in any case."
    )
    lock_timeout: float = Field(
        default=5.0, gt=0, le=3600, description="Seconds that a migration waits for a table's lock before it gives up."
    )

    otlp_endpoint: str | None = Field(
        default=None,
        pattern="^https?://",
        description="Where spans are sent (OTLP over HTTP): http://localhost:4318/v1/traces; nowhere by default.",
    )
    otlp_headers: SecretStr | None = Field(
        default=None, description="Headers that the collector wants: name=value, by commas."
    )

    archive_url: str | None = Field(
        default=None,
        pattern="^(file:///|s3://[^/])",
        description="Where retention archives: file:///folder or s3://bucket/prefix; AIAS_HOME/archive if embedded.",
    )
    archive_s3_endpoint: str | None = Field(
        default=None, pattern="^https?://", description="An S3-compatible server, instead of Amazon's."
    )
    archive_s3_region: str | None = Field(default=None, description="The region of the archive's bucket.")

    @field_validator("log_level", "log_format", "log_store", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and "://" in value.get_secret_value():
            scheme = value.get_secret_value().split("://", 1)[0]
            if scheme not in {"postgresql", "postgres"}:
                raise ValueError(f"is not a PostgreSQL URL (scheme {scheme!r}; expected postgresql://...)")
        return value

    @property
    def libpq_names_a_server(self) -> bool:
        """Whether PG* variables choose the server, so that an empty connection string is meant."""
        return any(os.environ.get(name) for name in _LIBPQ_SERVER)


def variable_name(field: str) -> str:
    """Give the environment variable of a setting."""
    return "DATABASE_URL" if field == "database_url" else f"AIAS_{field.upper()}"


def get_settings() -> Settings:
    """Give the settings as environment and ``.env`` say them now; they are read again only when one of these changed.

    Raises:
        ConfigurationError: one message that names every bad setting with its variable.
    """
    return _read(*_surroundings())


def _surroundings() -> tuple[object, ...]:
    """Everything that the settings are read from: a millisecond of reading costs thirty microseconds of looking."""
    folder = Path.cwd()
    try:
        found = (folder / ".env").stat()
        written = (found.st_mtime_ns, found.st_size, found.st_ino)
    except OSError:
        written = None
    return tuple(os.environ.items()), folder, written, os.name == "posix" and os.geteuid()


@lru_cache(maxsize=4)
def _read(*surroundings: object) -> Settings:
    del surroundings
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigurationError(_explain(error)) from None


_SECRETS = frozenset(
    {
        "database_url",
        "master_key",
        "master_key_previous",
        "otlp_headers",
        "shopify_client_secret",
        "wave_client_secret",
    }
)


def _explain(error: ValidationError) -> str:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=True):
        location = str(problem["loc"][0]) if problem["loc"] else "settings"
        name = location if location.isupper() else variable_name(location)
        message = problem["msg"].removeprefix("Value error, ")
        secret = location.lower().removeprefix("aias_") in _SECRETS
        given = "" if secret or problem["type"] == "missing" else f" (given: {problem['input']!r})"
        lines.append(f"{name}: {message}{given}")
    return "bad settings:\n  " + "\n  ".join(lines)
