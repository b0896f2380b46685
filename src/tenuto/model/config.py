"""tenuto.toml: who runs the archive, and how; and where everything lies in it."""

import re
import tomllib
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tenuto.model.addresses import parse_listen, url_fault
from tenuto.model.document import from_plain
from tenuto.model.errors import ConfigError, UsageError
from tenuto.model.links import LinksConfig, no_probabilities

__all__ = [
    "ArchiveConfig",
    "Config",
    "Declaration",
    "HarvestConfig",
    "Layout",
    "PackageConfig",
    "RightsConfig",
    "SeedConfig",
    "TorrentConfig",
    "byte_size",
    "parse_config",
]

_SIZE = re.compile(r"\s*(\d{1,15})\s*(B|KiB|MiB|GiB|TiB)?\s*")
_UNITS = {None: 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_SECRET = re.compile(r"//[^/]*@")
_TABLE_TWICE = re.compile(r"Cannot declare \((.*)\) twice(.*)")
_KEY_TWICE = re.compile(r"Cannot overwrite a value(.*)")
_KINDS: dict[object, str] = {bool: "true or false", int: "a whole number", str: "a text in quotes"}
_KINDS[float | None] = "a number with a point: 0.5"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveConfig:
    """Who runs the archive."""

    name: str
    """Lower-case letters, digits and hyphens; the catalogue and the bags carry it."""
    operator: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The operator's own word that a folder may be shared, kept as evidence."""

    collection: str
    licence: str
    by: str
    basis: str = ""
    """Why the operator may say so: `our own recordings`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestConfig:
    """Limits of a harvest."""

    workers: int = 2
    seconds_per_file: int = 30
    largest_file: str = "4 GiB"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsConfig:
    """How the rights policy is set (docs/rights.md)."""

    commercial: bool = False
    """Whether the archive asks for money or shows adverts; then non-commercial licences are closed."""
    closed_licences: tuple[str, ...] = ()
    minimum_confidence: str = "default"
    """The least sure match that still opens: exact, tail, default or partial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageConfig:
    """How bags are made."""

    limit: str = "4 GiB"


@dataclass(frozen=True, slots=True, kw_only=True)
class TorrentConfig:
    """What the torrents say besides their content."""

    trackers: tuple[tuple[str, ...], ...] = ()
    """Tiers of announce URLs (BEP 12)."""
    web_seeds: tuple[str, ...] = ()
    """URLs under which the bags lie (BEP 19)."""
    private: bool = False
    v1_companions: bool = True
    """Whether each hybrid torrent gets a v1 one beside it, for clients that cannot read hybrid metainfo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedConfig:
    """How the seeding session reaches the world."""

    listen: str = "0.0.0.0:6881"
    """`IP:port` or `[IPv6]:port`, comma-separated where there are more."""
    dht: bool = True
    local_discovery: bool = False
    upload_limit: int = 0
    """Bytes a second; 0 is no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All of tenuto.toml."""

    archive: ArchiveConfig
    declarations: tuple[Declaration, ...] = ()
    harvest: HarvestConfig = HarvestConfig()
    rights: RightsConfig = RightsConfig()
    packages: PackageConfig = PackageConfig()
    torrents: TorrentConfig = TorrentConfig()
    seed: SeedConfig = SeedConfig()
    links: LinksConfig = LinksConfig()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies in an archive's folder."""

    root: Path
    name: str

    @property
    def captures(self) -> Path:
        """What was seen, immutable."""
        return self.root / "captures"

    @property
    def records(self) -> Path:
        """Parquet tables, derived."""
        return self.root / "records"

    @property
    def store(self) -> Path:
        """Audio by SHA-256."""
        return self.root / "store"

    @property
    def catalogue(self) -> Path:
        """The one SQLite file."""
        return self.root / "catalogue" / f"{self.name}_clean.sqlite3"

    @property
    def packages(self) -> Path:
        """Bags, and a receipt beside each."""
        return self.root / "packages"

    @property
    def torrents(self) -> Path:
        """Metainfo files."""
        return self.root / "torrents"

    def metainfo(self, bag: str) -> tuple[Path, Path]:
        """Where a bag's hybrid metainfo lies, and that of its v1 companion."""
        return self.torrents / f"{bag}.torrent", self.torrents / f"{bag}.v1.torrent"

    @property
    def ledger(self) -> Path:
        """The hash-chained account of everything done."""
        return self.root / "ledger"

    @property
    def folders(self) -> Path:
        """Where harvested folders are on this machine; never published."""
        return self.root / "folders.json"

    @property
    def work(self) -> Path:
        """Scratch space that any run may empty."""
        return self.root / ".work"


def byte_size(text: str) -> int:
    """Read `4 GiB` as bytes; raises ConfigError."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ConfigError(f"{text!r} is no size", hint="Write a number and B, KiB, MiB, GiB or TiB: `4 GiB`.")
    return int(match[1]) * _UNITS[match[2]]


def parse_config(text: str) -> Config:
    """Read the text of a tenuto.toml; raises ConfigError naming the place."""
    try:
        plain = tomllib.loads(text)
        _known_keys("", plain, Config)
        config = from_plain(Config, plain)
    except RecursionError as error:
        raise ConfigError("tenuto.toml: it is nested too deeply") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"tenuto.toml: {_plainly(str(error))}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"tenuto.toml: {error}") from error
    return _checked(config)


def _plainly(said: str) -> str:
    """Say in plain words what tomllib says of a table or key that stands twice."""
    table, key = _TABLE_TWICE.match(said), _KEY_TWICE.match(said)
    if table is not None:
        name = ".".join(re.findall(r"'([^']*)'", table[1]))
        return f"the table [{name}] stands twice{table[2]}; put its keys under one heading"
    return f"a key stands twice{key[1]}; keep one of them" if key else said


def _known_keys(place: str, plain: dict[str, object], kind: type) -> None:
    if not is_dataclass(kind):
        raise TypeError(f"`{place.rstrip('.')}` is no table")
    known = {field.name: field.type for field in fields(kind)}
    for key, value in plain.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(sorted(known))}."
            raise ConfigError(f"tenuto.toml: unknown key `{place}{key}`", hint=hint)
        if isinstance(value, dict):
            _known_keys(f"{place}{key}.", value, known[key])  # type: ignore[arg-type]  # nested tables are classes
        for item in value if isinstance(value, list) and key == "declarations" else ():
            _known_keys(f"{place}{key}.", item, Declaration)
        if not isinstance(value, dict) and not is_dataclass(known[key]) and key != "declarations":
            _check_kind(f"{place}{key}", value, known[key])


def _check_kind(key: str, value: object, kind: Any) -> None:  # noqa: ANN401 - a type as a field has it
    try:
        from_plain(kind, value)
    except (TypeError, ValueError) as error:
        wanted = _KINDS.get(kind, "a list of lists of texts" if "tuple" in str(kind)[5:] else "a list of texts")
        hint = f"Write {wanted}; docs/concepts.md lists the keys."
        raise ConfigError(f"tenuto.toml: {key} is {value!r:.80}, not {wanted}", hint=hint) from error


def _checked(config: Config) -> Config:
    if not _NAME.fullmatch(config.archive.name):
        raise ConfigError(
            f"tenuto.toml: archive.name {config.archive.name!r} is no name for files",
            hint="Use lower-case letters, digits and hyphens: `open-label-berlin`.",
        )
    numbers = (
        ("packages.limit", _size("packages.limit", config.packages.limit), 1 << 50),
        ("harvest.largest_file", _size("harvest.largest_file", config.harvest.largest_file), 1 << 50),
        ("harvest.workers", config.harvest.workers, 64),
        ("harvest.seconds_per_file", config.harvest.seconds_per_file, 3600),
        ("seed.upload_limit", config.seed.upload_limit + 1, 1 << 31),
    )
    for key, number, most in numbers:
        if not 1 <= number <= most:
            raise ConfigError(f"tenuto.toml: {key} is out of range", hint="docs/concepts.md gives each key's default.")
    for key, share in no_probabilities(config.links):
        raise ConfigError(f"tenuto.toml: {key} is {share}, no probability", hint="Write a number above 0, at most 1.")
    _check_addresses(config)
    return config


def _size(key: str, text: str) -> int:
    try:
        return byte_size(text)
    except ConfigError as error:
        raise ConfigError(f"tenuto.toml: {key}: {error}", hint=error.hint) from error


def _check_addresses(config: Config) -> None:
    """Check where to listen and what the torrents name; a private host is allowed, it may be the operator's own."""
    try:
        parse_listen(config.seed.listen)
    except UsageError as error:
        raise ConfigError(f"tenuto.toml: seed.listen: {error}", hint=error.hint) from error
    trackers = (("torrents.trackers", url, "tracker") for tier in config.torrents.trackers for url in tier)
    web_seeds = (("torrents.web_seeds", url, "web seed") for url in config.torrents.web_seeds)
    for key, url, kind in (*trackers, *web_seeds):
        fault = url_fault(url, kind)
        if fault is not None:
            hint = "Trackers are http, https or udp URLs in ASCII without a password, web seeds http or https ones."
            raise ConfigError(f"tenuto.toml: {key}: {_SECRET.sub('//…@', url)!r:.200}: {fault}", hint=hint)
