"""The settings: read once at start from the environment (`DESKGRAPH_*`) and a TOML file, validated, frozen."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from db import zones
from db.audit.record import AuditMode
from db.errors import BadInput, SetupFault
from db.walls import Walls
from operating.logs import LogFormat
from schema.destinations import MailTls

PREFIX: Final = "DESKGRAPH_"
CONFIG: Final = "DESKGRAPH_CONFIG"
_NOT_SETTINGS: Final = frozenset({CONFIG, "DESKGRAPH_TEST_SERVER", "DESKGRAPH_TEST_COORDINATOR"})
MIN_SECRET_BYTES: Final = 32
MIN_TOKEN_LENGTH: Final = 16
_URLS: Final = re.compile(r",\s*(?=postgres(?:ql)?://)")
_POINTER: Final = re.compile(r"(/([^/~]|~[01])+)+")
"""A JSON Pointer (RFC 6901) without empty steps."""


class Settings(BaseSettings):
    """Every setting, with its unit in its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: SecretStr = SecretStr("")
    """PostgreSQL to use, as the owner of the tables; empty: one is embedded under `data_dir`."""
    reader_url: SecretStr = SecretStr("")
    """The same database as a login that may only read; the server then reads with it. Empty: with `database_url`."""
    replica_urls: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Read-only copies of that database, which reports are read from, separated by commas."""
    replica_lag_ms: int = Field(5_000, ge=500, le=3_600_000)
    """How far behind one may be that is read; where none is nearer, the primary is read."""
    database_walls: Walls = Walls.BOTH
    """What keeps a viewer to its rows: `both`, or the `statement` alone."""
    data_dir: Path = Path(".deskgraph")
    """Where the embedded PostgreSQL and the generated secret live."""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    workers: int = Field(1, ge=1, le=64)
    jwt_secret: SecretStr = SecretStr("")
    """Signs and checks HS256 tokens, and keys the pseudonyms; empty: one is generated under `data_dir`."""
    jwt_leeway_seconds: int = Field(30, ge=0, le=300)
    jwt_issuer: str = ""
    """What a token's `iss` must be; empty: not asked."""
    jwt_audience: str = ""
    """What a token's `aud` must name; empty: a token with an audience is refused."""
    jwks_url: str = ""
    """Where the identity provider publishes its keys (RS256, ES256); then HS256 is refused."""
    jwks_refresh_seconds: int = Field(600, ge=30, le=86_400)
    claim_subject: str = "sub"
    claim_role: str = "role"
    claim_agent: str = "agent"
    claim_teams: str = "teams"
    claim_organization: str = "organization"
    reporting_zones: Annotated[tuple[str, ...], NoDecode] = ("UTC",)
    """The zones whose days reports are prepared for, separated by commas; others are answered from facts."""
    pool_connections: int = Field(4, ge=1, le=100)
    statement_timeout_ms: int = Field(10_000, ge=10, le=600_000)
    export_connections: int = Field(4, ge=1, le=100)
    """Beside those of the pool: a file that is being sent holds one for as long as that takes."""
    export_timeout_ms: int = Field(300_000, ge=100, le=86_400_000)
    """What the making of an export may take before its first byte leaves."""
    export_statement_timeout_ms: int = Field(60_000, ge=10, le=3_600_000)
    statements_per_viewer: int = Field(2, ge=1, le=100)
    """What one viewer may have of the pool at once, a process; who asks for more waits for itself."""
    request_timeout_ms: int = Field(30_000, ge=100, le=3_600_000)
    """What a request may take, with all of its statements."""
    waiting_places: int = Field(2_000, ge=4, le=100_000)
    """For statements that wait for the pool, a process; one viewer may take a quarter. Who finds none gets a 503."""
    requests_per_minute: int = Field(1_200, ge=0)
    """Of one viewer, a process; exports have their own limit. 0: no limit."""
    exports_per_minute: int = Field(60, ge=0)
    """Of one viewer, a process. 0: no limit."""
    max_cost: int = Field(5_000_000, ge=1_000)
    """The most numbers one operation may ask for: buckets x groups x metrics."""
    live_debounce_ms: int = Field(250, ge=0, le=1_000)
    """How long writes are gathered before subscribers are told."""
    live_subscriptions: int = Field(2_000, ge=0, le=100_000)
    """How many a process keeps, and how many WebSockets; more are refused."""
    live_subscriptions_a_viewer: int = Field(50, ge=1, le=100_000)
    """Of one viewer, a process."""
    live_slow_reader_ms: int = Field(10_000, ge=100, le=600_000)
    """A subscriber that takes nothing of what is sent for so long is let go."""
    response_cache_mb: int = Field(64, ge=0, le=100_000)
    """What a process may keep of answers; 0 keeps none."""
    audit: AuditMode = AuditMode.ALL
    """What the audit log records: all requests, or only exports and what was denied (required)."""
    audit_retention_days: int = Field(365, ge=1, le=36_500)
    export_rows_at_once: int = Field(100_000, ge=1, le=100_000_000)
    """An export of more rows is made by a worker; of a format that does not stream, of more than 20,000 at most."""
    export_workers: int = Field(1, ge=0, le=16)
    """How many workers `deskgraph serve` keeps beside itself; 0: none, `deskgraph work` runs elsewhere."""
    export_jobs_a_viewer: int = Field(2, ge=1, le=100)
    """How many exports of one viewer are made at once."""
    export_keep_hours: int = Field(24, ge=1, le=8_760)
    """How long a finished export is kept."""
    smtp_host: str = ""
    """The mail server by which schedules deliver; empty: none."""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_tls: MailTls = MailTls.STARTTLS
    """How the way to it is kept secret: `starttls`, `tls` or `none`."""
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_sender: str = ""
    """The address that the mail is from."""
    mail_domains: Annotated[frozenset[str], NoDecode] = frozenset()
    """The domains to whose addresses mail may go, separated by commas; empty: e-mail is off."""
    delivery_folder: Path | None = None
    """Below it lie the folders that schedules may deliver to; empty: none."""
    schedule_trust_days: int = Field(30, ge=1, le=3_650)
    """A schedule is paused whose owner has not been seen for so long."""
    sync_sources: Annotated[tuple[Path, ...], NoDecode] = ()
    """The source files of what `deskgraph serve` follows, or `deskgraph sync --watch`, separated by commas."""
    intake_writers: int = Field(0, ge=0, le=16)
    """How many requests of portals that send tickets a process writes at once; 0: none is let in."""
    intake_url: SecretStr = SecretStr("")
    """The database as a login that may take on deskgraph_intake; empty: `database_url`, if no `reader_url` is set."""
    intake_body_mb: int = Field(8, ge=1, le=256)
    """The most that one of them may send."""
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")
    log_format: LogFormat = LogFormat.AUTO
    """How lines of the log are written: `json`, `text`, or `auto`: text on a terminal, else JSON."""
    slow_ms: int = Field(500, ge=0, le=600_000)
    """A statement that takes longer is logged with its plan; 0 logs none."""
    metrics_token: SecretStr = SecretStr("")
    """What who reads /metrics sends; empty: this machine alone reads it."""
    traces: bool = False
    """Whether OpenTelemetry's spans are made; the OTEL_* variables say where to."""
    grace_seconds: int = Field(10, ge=0, le=600)
    """How long requests may still take once the server is told to end."""

    @field_validator("database_url", "reader_url", "intake_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and not text.startswith(("postgresql://", "postgres://")):
            raise ValueError("must be empty or begin with postgresql://")
        return value

    @field_validator("replica_urls", mode="before")
    @classmethod
    def _are_urls(cls, value: Any) -> Any:
        # One URL may name several hosts, with commas between them.
        parts = _URLS.split(value) if isinstance(value, str) else value
        return tuple(part.strip() if isinstance(part, str) else part for part in parts if part)

    @field_validator("replica_urls")
    @classmethod
    def _are_of_postgresql(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not all(one.get_secret_value().startswith(("postgresql://", "postgres://")) for one in value):
            raise ValueError("must be empty, or URLs that begin with postgresql://, separated by commas")
        return value

    @field_validator("jwt_secret")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value().encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"must have at least {MIN_SECRET_BYTES} bytes; `openssl rand -hex 32` makes one")
        return value

    @field_validator("jwt_secret")
    @classmethod
    def _is_no_public_key(cls, value: SecretStr) -> SecretStr:
        if "-----BEGIN" in value.get_secret_value():
            raise ValueError("must be a random secret, not a key or certificate; DESKGRAPH_JWKS_URL is for public keys")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _cannot_be_guessed(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and not (len(text) >= MIN_TOKEN_LENGTH and text.isascii() and text.isprintable() and " " not in text):
            raise ValueError(f"must have at least {MIN_TOKEN_LENGTH} printable ASCII characters, none of them a space")
        return value

    @field_validator("jwks_url")
    @classmethod
    def _is_secure(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            not parts.hostname
            or "@" in parts.netloc
            or parts.port == 0  # reading it refuses what is no port
            or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname)))
        ):
            raise ValueError("must be an https:// address without a password (http:// only on this machine), or empty")
        return value

    @field_validator("reporting_zones", mode="before")
    @classmethod
    def _is_a_list(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("sync_sources", mode="before")
    @classmethod
    def _are_files(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(part.strip() if isinstance(part, str) else part for part in parts if part)

    @field_validator("mail_domains", mode="before")
    @classmethod
    def _are_domains(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        return frozenset(part.strip().lower() for part in parts if part.strip())

    @field_validator("delivery_folder", mode="before")
    @classmethod
    def _is_set(cls, value: Any) -> Any:
        return value or None

    @field_validator("reporting_zones")
    @classmethod
    def _are_zones(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or len(set(value)) < len(value):
            raise ValueError("must name at least one zone, and each once, such as UTC,Europe/Berlin")
        for name in value:
            try:
                zones.zone_named(name)
            except BadInput as fault:
                raise ValueError(f"must be IANA zones separated by commas: {fault.message}") from None
        return value

    @field_validator("claim_subject", "claim_role", "claim_agent", "claim_teams", "claim_organization")
    @classmethod
    def _names_a_claim(cls, value: str) -> str:
        if not value or (value.startswith("/") and not _POINTER.fullmatch(value)):
            raise ValueError("must be a claim's name such as role, or a JSON Pointer such as /realm_access/role")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code wins over the environment, which wins over the file."""
        file = os.environ.get(CONFIG, "")
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        return (*sources, TomlConfigSettingsSource(settings_cls, Path(file))) if file else sources

    @property
    def embeds(self) -> bool:
        """Whether PostgreSQL is embedded."""
        return not self.serving_url

    @property
    def keeps_answers(self) -> bool:
        """Whether answers are kept. Never over a distributed database: it commits in several places, not at once."""
        return self.response_cache_mb > 0 and self.database_walls is Walls.BOTH

    @property
    def serving_url(self) -> str:
        """What the server reads with: the login that may only read, where there is one; empty where none is set."""
        return self.reader_url.get_secret_value() or self.database_url.get_secret_value()

    @property
    def replicas(self) -> dict[str, str]:
        """The replicas' URLs by the names that they go by."""
        return {f"replica {number}": one.get_secret_value() for number, one in enumerate(self.replica_urls, start=1)}

    def signing_secret(self) -> str:
        """The secret that signs tokens: the one set, else one generated once and kept, readable by its owner only."""
        if self.jwt_secret.get_secret_value():
            return self.jwt_secret.get_secret_value()
        file = self.data_dir / "jwt_secret"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text().strip()
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_hex(MIN_SECRET_BYTES))
        return file.read_text().strip()


def load(**given: Any) -> Settings:
    """The settings.

    Raises: SetupFault, with one line a fault: which setting, what is wrong, what is allowed.
    """
    faults = _unknown(os.environ)
    file = os.environ.get(CONFIG, "")
    if file and not Path(file).is_file():
        faults.append(f"{CONFIG}: there is no file {file}")
    settings = None
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults += [_fault(one["loc"], one["msg"]) for one in error.errors()]
    except (OSError, ValueError) as error:  # the TOML file cannot be read
        faults.append(f"{CONFIG}: {error}")
    if settings is not None:
        faults += _together(settings)
    if faults or settings is None:
        raise SetupFault("\n".join(faults))
    return settings


def _together(settings: Settings) -> list[str]:
    """What is wrong with settings that are right one by one."""
    faults = []
    if not settings.embeds and not settings.jwt_secret.get_secret_value():
        faults.append(
            f"{PREFIX}JWT_SECRET: must be set where {PREFIX}DATABASE_URL or {PREFIX}READER_URL is; "
            "`openssl rand -hex 32` makes one"
        )
    if settings.embeds and settings.replica_urls:
        faults.append(f"{PREFIX}REPLICA_URLS: copies of the embedded database cannot be read; set {PREFIX}DATABASE_URL")
    if settings.database_walls is Walls.STATEMENT and settings.replica_urls:
        faults.append(
            f"{PREFIX}REPLICA_URLS: copies of a distributed database cannot be read; leave it empty where "
            f"{PREFIX}DATABASE_WALLS=statement is"
        )
    for name, value in (("SMTP_HOST", settings.smtp_host), ("SMTP_SENDER", settings.smtp_sender)):
        if settings.mail_domains and not value:
            faults.append(f"{PREFIX}{name}: must be set where {PREFIX}MAIL_DOMAINS is; schedules deliver by it")
    for name, value in (("JWT_ISSUER", settings.jwt_issuer), ("JWT_AUDIENCE", settings.jwt_audience)):
        if settings.jwks_url and not value:
            faults.append(f"{PREFIX}{name}: must be set where {PREFIX}JWKS_URL is; the provider's tokens say it")
    return faults


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _fault(where: tuple[int | str, ...], message: str) -> str:
    name = PREFIX + ".".join(map(str, where)).upper()
    return f"{name}: {message.removeprefix('Value error, ')}"


def _unknown(environment: Mapping[str, str]) -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | _NOT_SETTINGS
    allowed = ", ".join(sorted(known - _NOT_SETTINGS | {CONFIG}))
    return [
        f"{name}: there is no such setting; there are {allowed}"
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known
    ]
