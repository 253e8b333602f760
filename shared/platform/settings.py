"""The configuration: one list of environment variables, read and checked once, at the start of a process.

Nothing set means *embedded*: PostgreSQL from the wheel in the data directory, an in-memory broker, and a master key
made on the first start. As soon as a database is named, nothing secret and nothing shared is guessed any more.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any

from shared.platform.databases import FurtherDatabase, further_databases
from shared.platform.login_providers import LoginProvider, login_providers
from shared.platform.secret import check_secret, derive, embedded_former_secrets, embedded_secret
from shared.platform.settings_environment import SettingsError, content, from_folder, given_by_a_cluster, missing
from shared.platform.settings_lines import tenants_named
from shared.platform.settings_values import (
    Network,
    choice,
    clamd,
    command_line,
    file_place,
    integer,
    mail_address,
    networks,
    option,
    path,
    public_url,
    secret,
    secrets,
    signing_secret,
    text,
    url,
    urls,
)
from shared.platform.settings_values import database_url as a_database
from shared.platform.settings_values import public_url as an_address_with_tls

__all__ = ["COMMAND_VARIABLES", "PROJECT", "Settings", "SettingsError"]

PROJECT = Path(__file__).resolve().parents[2]
_TOKENS = "aduan token signing 1"
_CALLS = "aduan calls 1"
_FOREIGN = ("ADUAN_TEST_",)
COMMAND_VARIABLES = frozenset({"ADUAN_USER_PASSWORD"})
"""What commands read themselves, in place of an option."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations; :meth:`documentation` tells the fields as a table."""

    database_url: str = option(
        "ADUAN_DATABASE_URL",
        a_database,
        "",
        "PostgreSQL, e.g. `postgresql://aduan:...@db:5432/aduan`; with standbys all hosts, "
        "`...@db1:5432,db2:5432/aduan`: the one that takes writes is used. Not set: embedded mode.",
        hidden=True,
    )
    databases: tuple[FurtherDatabase, ...] = option(
        "ADUAN_DATABASES",
        further_databases(a_database, urls("amqp", "amqps", "memory")),
        "",
        "Governments that lie in other databases, a line for each of these: `bantul cirebon = "
        "postgresql://aduan:...@db2/aduan amqp://aduan:...@broker/second`, each with a virtual host of the broker's to "
        "itself; a third address is that of a standby for lists. Best given as a file. See "
        "[operations](operations.md).",
        hidden=True,
        empty=(),
    )
    tenants: tuple[str, ...] = option(
        "ADUAN_TENANTS",
        tenants_named,
        "",
        "The only governments that this process serves, with blanks between them. Not set: all that have a folder, but "
        "for those in `ADUAN_DATABASES`.",
        empty=(),
    )
    read_database_url: str = option(
        "ADUAN_READ_DATABASE_URL",
        a_database,
        "",
        "A standby of that database, from which lists and figures are read while it keeps up; of several all hosts. "
        "Those of other databases stand in `ADUAN_DATABASES`. Not set: everything is read from the database itself.",
        hidden=True,
    )
    broker_url: str = option(
        "ADUAN_BROKER_URL",
        urls("amqp", "amqps", "memory"),
        "",
        "RabbitMQ, e.g. `amqp://aduan:...@broker:5672//`; of a cluster all nodes, with `;` between them. Needed with a "
        "database; in embedded mode `memory://`.",
        hidden=True,
    )
    given_master_key: str = option(
        "ADUAN_MASTER_KEY",
        secret,
        "",
        "The key that wraps every dossier's own key, and from which the key that signs tokens is derived: 32 bytes in "
        "base64, from `aduan secret`. Needed with a database; in embedded mode made in the data directory.",
        hidden=True,
    )
    given_calls_keys: tuple[str, ...] = option(
        "ADUAN_CALLS_KEY",
        secrets,
        "",
        "In place of the master key, for a process that opens nothing that is sealed (`aduan serve sla`): the key by "
        "which calls between processes are sealed, from `aduan secret --calls`; while the master key is changed it "
        "tells several, of which the first seals.",
        hidden=True,
        empty=(),
    )
    given_former_keys: tuple[str, ...] = option(
        "ADUAN_FORMER_MASTER_KEYS",
        secrets,
        "",
        "Other master keys that are understood, while the master key is changed: the next one before it is used, the "
        "former one until `aduan key rotate` has wrapped everything anew; with blanks or commas between them.",
        hidden=True,
        empty=(),
    )
    checkpoint_key: str = option(
        "ADUAN_CHECKPOINT_KEY",
        signing_secret,
        "",
        "The private key by which sla signs checkpoints of the log: 32 bytes in base64, from `aduan checkpoint key`. "
        "Not set: none are made by themselves.",
        hidden=True,
    )
    checkpoint_minutes: int = option(
        "ADUAN_CHECKPOINT_MINUTES", integer(1, 10_080), "60", "Minutes from one checkpoint of the log to the next."
    )
    checkpoint_copy: str = option(
        "ADUAN_CHECKPOINT_COPY",
        text,
        "",
        "A file to which every checkpoint is added too, best on another machine's disk. Not set: they lie beside the "
        "log only, until `aduan checkpoint list` carries them away.",
    )
    data_dir: Path = option(
        "ADUAN_DATA_DIR", path, ".aduan", "Where embedded mode keeps its database, its key and its outbox."
    )
    tenants_dir: Path = option(
        "ADUAN_TENANTS_DIR", path, str(PROJECT / "tenants"), "The folder with one folder per tenant.", shown="tenants/"
    )
    smtp_url: str = option(
        "ADUAN_SMTP_URL",
        url("smtp", "smtps", "smtp+starttls"),
        "",
        "Mail server, e.g. `smtp+starttls://user:...@mail:587`. Not set: messages lie in a readable outbox.",
        hidden=True,
    )
    mail_from: str = option(
        "ADUAN_MAIL_FROM", mail_address, "aduan@localhost", "The address from which messages are sent."
    )
    public_url: str = option(
        "ADUAN_PUBLIC_URL",
        public_url,
        "",
        "Where citizens reach the portal; for links in letters. `https`, unless it is this very machine.",
        shown="the portal's own address",
    )
    listen_host: str = option(
        "ADUAN_LISTEN_HOST", text, "127.0.0.1", "The interface on which the portal and the health pages listen."
    )
    portal_port: int = option("ADUAN_PORTAL_PORT", integer(0, 65535), "8000", "The portal's port; 0 = any free one.")
    health_port: int = option(
        "ADUAN_HEALTH_PORT",
        integer(0, 65535),
        "8080",
        "Port of `/healthz`, `/readyz` and `/metrics` of a service run by `aduan serve`; 0 = none.",
    )
    log_level: str = option(
        "ADUAN_LOG_LEVEL", choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "The least level that is logged."
    )
    log_format: str = option(
        "ADUAN_LOG_FORMAT", choice("json", "text"), "json", "`json`: one object per line. `text`: for people."
    )
    pool_size: int = option(
        "ADUAN_POOL_SIZE", integer(1, 200), "10", "Database connections per process, kept open once opened."
    )
    statement_timeout_ms: int = option(
        "ADUAN_STATEMENT_TIMEOUT_MS", integer(100, 3_600_000), "30000", "Longest duration of one SQL statement."
    )
    relay_batch: int = option(
        "ADUAN_RELAY_BATCH", integer(1, 10_000), "500", "Events published per round of broker confirmations."
    )
    consumer_batch: int = option(
        "ADUAN_CONSUMER_BATCH", integer(1, 10_000), "100", "Events applied per transaction, at most."
    )
    consumer_linger_ms: int = option(
        "ADUAN_CONSUMER_LINGER_MS", integer(0, 10_000), "20", "How long a batch waits for more events."
    )
    consumer_retries: int = option(
        "ADUAN_CONSUMER_RETRIES",
        integer(0, 100),
        "5",
        "Attempts with a failing message before it is dead.",
    )
    tick_ms: int = option(
        "ADUAN_TICK_MS",
        integer(5, 60_000),
        "200",
        "How often clocks that fell due and messages to be sent are looked for; costs one index probe.",
    )
    rpc_timeout_s: int = option(
        "ADUAN_RPC_TIMEOUT_S", integer(1, 600), "30", "How long the portal waits for a service's answer, in seconds."
    )
    trusted_proxies: tuple[Network, ...] = option(
        "ADUAN_TRUSTED_PROXIES",
        networks,
        "",
        "Addresses and networks of the proxies before the portal, separated by commas, e.g. `10.0.0.0/8`. Only they "
        "are believed when they name a client in `X-Forwarded-For`; limits for each address count that client then.",
        empty=(),
    )
    filings_per_hour: int = option(
        "ADUAN_FILINGS_PER_HOUR",
        integer(0, 1_000_000),
        "5",
        "Complaints that one network address (a /24 or an IPv6 /56) may file by `/api/v1` in an hour without a token; "
        "0: without end. Of pages it is 60 in a quarter of an hour.",
    )
    filings_per_day: int = option(
        "ADUAN_FILINGS_PER_DAY", integer(0, 1_000_000), "30", "The same in a day; 0: without end."
    )
    uploads_per_hour: int = option(
        "ADUAN_UPLOADS_PER_HOUR",
        integer(0, 1_000_000),
        "20",
        "Files that one network address may add to complaints by `/api/v1` in an hour without a token; 0: without end.",
    )
    lookups_per_minute: int = option(
        "ADUAN_LOOKUPS_PER_MINUTE",
        integer(0, 1_000_000),
        "60",
        "How often one network address may ask for complaints by their tracking codes by `/api/v1` in a minute without "
        "a token; 0: without end.",
    )
    unlimited_addresses: tuple[Network, ...] = option(
        "ADUAN_UNLIMITED_ADDRESSES",
        networks,
        "127.0.0.0/8, ::1",
        "Addresses and networks whose requests to `/api/v1` and readings of Open311 are not counted, such as those of "
        "one's own programs. A proxy on this machine that names its client and is not among `ADUAN_TRUSTED_PROXIES` is "
        "counted all the same. Nobody: `255.255.255.255`.",
    )
    backdate_days: int = option(
        "ADUAN_BACKDATE_DAYS",
        integer(0, 36_500),
        "366",
        "How many days back an officer, a channel adapter or an import may date a complaint. An older `occurred_at`, "
        "and everybody else's, is kept as a statement: the complaint counts from when it came in.",
    )
    files_url: str = option(
        "ADUAN_FILES_URL",
        file_place,
        "",
        "Where the sealed files of dossiers lie: a folder that all processes share (`file:///srv/aduan/files`), or a "
        "bucket (`s3://aduan/files`, with `pip install aduan[s3]`). Not set: in embedded mode `files` in the data "
        "directory, else no files are taken.",
    )
    secrets_dir: str = option(
        "ADUAN_SECRETS_DIR",
        text,
        "",
        "The folder of the secrets of channels' providers, one file each, named `<tenant>.<channel>.<name>`, which "
        "others cannot read. Not set: in embedded mode `secrets` in the data directory, else there are none.",
    )
    oidc: tuple[LoginProvider, ...] = option(
        "ADUAN_OIDC",
        login_providers(an_address_with_tls),
        "",
        "Whose officers may log in with their government's own account (OpenID Connect), a line for each provider: "
        "`cilacap bantul = https://sso.example.go.id/realms/pegawai aduan`, with its issuer and our client's name; "
        "needs `pip install aduan[oidc]`, and each government's client secret as the file `<tenant>.oidc.secret` in "
        "`ADUAN_SECRETS_DIR`. See [operations](operations.md#log-in-by-the-governments-own-account). Not set: "
        "by password only.",
        empty=(),
    )
    file_most_bytes: int = option(
        "ADUAN_FILE_MOST_BYTES",
        integer(1024, 1024 * 1024 * 1024),
        "15728640",
        "The largest photo or document that is taken.",
    )
    audio_most_bytes: int = option(
        "ADUAN_AUDIO_MOST_BYTES",
        integer(0, 64 * 1024 * 1024),
        "16777216",
        "The largest recording of sound that is taken, such as a voice note; 0: none is.",
    )
    video_most_bytes: int = option(
        "ADUAN_VIDEO_MOST_BYTES",
        integer(0, 64 * 1024 * 1024),
        "20971520",
        "The largest film that is taken; 0: none is.",
    )
    files_per_dossier: int = option(
        "ADUAN_FILES_PER_DOSSIER",
        integer(1, 10_000),
        "40",
        "How many files a dossier may have of its reporter, and as many again of offices.",
    )
    reporters_files_most_bytes: int = option(
        "ADUAN_REPORTERS_FILES_MOST_BYTES",
        integer(1024, 1024 * 1024 * 1024 * 1024),
        "62914560",
        "How large the files of a dossier's reporter may be together; and those that somebody has sent by a "
        "conversation and not filed.",
    )
    scan_command: str = option(
        "ADUAN_SCAN_COMMAND",
        command_line,
        "",
        "A virus scanner that reads a file from its input and ends with 0 for clean and 1 for infected, e.g. "
        "`clamdscan --no-summary -`. If it fails, no file is taken.",
    )
    scan_clamd: str = option(
        "ADUAN_SCAN_CLAMD",
        clamd,
        "",
        "The same by clamd itself: `tcp://clamd:3310`, or `unix:///run/clamav/clamd.ctl`.",
    )
    traces_url: str = option(
        "ADUAN_TRACES_URL",
        url("http", "https"),
        "",
        "Where spans of OpenTelemetry are sent, by OTLP over HTTP, e.g. `http://collector:4318`; needs "
        "`pip install aduan[tracing]`. Not set: none are recorded.",
        hidden=True,
    )
    traces_share: int = option(
        "ADUAN_TRACES_SHARE", integer(1, 100), "100", "How many of a hundred traces are recorded."
    )
    embedded: bool = True
    """Whether no database was named, so that this process brings its own parts."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check the variables.

        A variable may also be given as a file: ``ADUAN_MASTER_KEY_FILE=/run/secrets/key``.

        What clusters and linked containers set for any service called ``aduan`` or ``aduan-...`` is none of ours, also
        where it bears a setting's name, as ``ADUAN_PORTAL_PORT=tcp://10.0.0.1:8000`` does for ``aduan-portal``.

        :param environ: usually ``os.environ``.
        :raises SettingsError: naming every variable at fault, not only the first.
        """
        environ = {name: value for name, value in environ.items() if not given_by_a_cluster(name, value)}
        faults = [_unknown(name) for name in sorted(environ) if not _known(name)]
        values: dict[str, Any] = {}
        for each in _options():
            try:
                values[each.name] = _read(each, environ)
            except ValueError as error:
                faults.append(f"{each.metadata['name']} {error}")
        faults += missing(values)
        if faults:
            raise SettingsError(faults)
        if not values["broker_url"]:
            values["broker_url"] = "memory://"
        return cls(**values, embedded=not values["database_url"])

    @property
    def elsewhere(self) -> frozenset[str]:
        """The governments that lie in other databases."""
        return frozenset(tenant for each in self.databases for tenant in each.tenants)

    @property
    def public_address(self) -> str:
        """Where citizens reach the portal, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = self.listen_host if self.listen_host not in ("0.0.0.0", "::", "") else "127.0.0.1"  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.portal_port}"

    @property
    def master_key(self) -> str:
        """The master key in base64; in embedded mode made in the data directory on the first start.

        :raises SettingsError: if the data directory cannot be written, its key is lost or damaged, or this process was
            given none, since it opens nothing.
        """
        if self.given_master_key:
            return self.given_master_key
        if not self.has_master_key:
            raise SettingsError(["ADUAN_MASTER_KEY is not set, and what was asked for needs it"])
        return from_folder(self.data_dir, embedded_secret)

    @property
    def has_master_key(self) -> bool:
        """Whether this process may open what is sealed."""
        return bool(self.given_master_key) or not self.given_calls_keys

    @property
    def calls_keys(self) -> tuple[bytes, ...]:
        """The keys of 32 bytes by which calls between processes are sealed: the first seals, all are understood.

        They follow from the master keys.
        """
        if not self.has_master_key:
            return tuple(map(check_secret, self.given_calls_keys))
        return tuple(derive(each, _CALLS) for each in (self.master_key, *self.former_master_keys))

    @property
    def former_master_keys(self) -> tuple[str, ...]:
        """The master keys in base64 that were used before and may still be needed.

        :raises SettingsError: if a file of them is damaged.
        """
        if self.given_former_keys or self.given_master_key:
            return self.given_former_keys
        return from_folder(self.data_dir, embedded_former_secrets)

    @property
    def token_key(self) -> bytes:
        """The 32 bytes with which tokens are signed; they follow from the master key."""
        return derive(self.master_key, _TOKENS)

    @classmethod
    def documentation(cls) -> str:
        """The variables as a Markdown table: name, default, meaning."""
        rows = ["| variable | default | meaning |", "|---|---|---|"]
        for each in _options():
            shown = each.metadata["shown"]
            rows.append(f"| `{each.metadata['name']}` | {f'`{shown}`' if shown else ''} | {each.metadata['what']} |")
        return "\n".join(rows) + "\n"


def _options() -> "Iterator[Field[Any]]":
    return (each for each in fields(Settings) if each.metadata)


def _names() -> Iterator[str]:
    for each in _options():
        yield each.metadata["name"]
        yield f"{each.metadata['name']}_FILE"


def _known(name: str) -> bool:
    return not name.startswith("ADUAN_") or name.startswith(_FOREIGN) or name in {*_names(), *COMMAND_VARIABLES}


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, list(_names()), n=1)
    return f"{name} is not a variable of Aduan" + (f"; did you mean {near[0]}?" if near else "; remove it")


def _read(each: "Field[Any]", environ: Mapping[str, str]) -> Any:
    name = each.metadata["name"]
    file = environ.get(f"{name}_FILE")
    if file and environ.get(name):
        raise ValueError(f"and {name}_FILE are both set; keep one of them")
    given = content(name, Path(file)) if file else environ.get(name, "").strip()
    return each.metadata["parse"](given) if given else each.default
