"""When an archive's links are found anew, and from which probability on they count."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tenuto.durable import storage, write_file
from tenuto.flow.archive import Archive
from tenuto.flow.dumped import dumps
from tenuto.linking.model import KINDS, Thresholds, model
from tenuto.model.errors import ConfigError, UsageError
from tenuto.model.links import LinksConfig, LinkThresholds
from tenuto.model.progress import Progress

__all__ = ["adjusted", "links_place", "read_probabilities", "relink", "seal", "thresholds", "unseal"]

_TABLES = {"artists": "artist", "releases": "release", "recordings": "recording", "tracks": "recording"}
_LIBRARIES = ("splink", "duckdb")
_PROGRAM = Path(__file__).parents[1]

_FIT = (
    "Of one kind, review is at most accept; docs/linking.md has the defaults, tenuto.toml's [links.KIND] may set them."
)


def relink(archive: Archive, progress: Progress) -> None:
    """Find links anew where two sources have records of a kind and what the links rest on has changed.

    Raises ConfigError where thresholds do not fit together, StorageError where the disk or the memory does not suffice.
    """
    if not _several_sources(archive):
        return
    chosen = thresholds(archive.config.links)
    with storage(_seal_path(archive)):
        if _seal_path(archive).is_file() and _seal_path(archive).read_bytes() == _seal(archive, chosen):
            return
    from tenuto.flow.linking import link_records  # noqa: PLC0415 - only archives of several dumps need Splink

    link_records(archive, chosen, progress)


def links_place(archive: Archive) -> Path:
    """Give the directory of links, which may not be there."""
    return archive.layout.root / "links"


def unseal(archive: Archive) -> None:
    """Say that the tables of links are about to change, so that a run that is killed is not taken for a whole one."""
    with storage(_seal_path(archive)):
        _seal_path(archive).unlink(missing_ok=True)


def seal(archive: Archive, chosen: Mapping[str, Thresholds]) -> None:
    """Write beside the tables of links what they rest on, and their digest."""
    write_file(_seal_path(archive), _seal(archive, chosen))


def _several_sources(archive: Archive) -> bool:
    """Tell whether more than one source has records of one kind."""
    sources = defaultdict(set)
    for found, _, receipt in dumps(archive):
        for table, rows in receipt.rows:
            if rows and table in _TABLES:
                sources[_TABLES[table]].add(found.name)
    return any(len(names) > 1 for names in sources.values())


def _seal_path(archive: Archive) -> Path:
    return links_place(archive) / "links.seal"


def _seal(archive: Archive, chosen: Mapping[str, Thresholds]) -> bytes:
    """Digest what links rest on besides the links before: records, thresholds and program; and the links themselves."""
    records = [(found.name, receipt.entity, receipt.sha256, receipt.mapping) for found, _, receipt in dumps(archive)]
    said = (records, [(kind, chosen[kind].accept, chosen[kind].review) for kind in KINDS], _program())
    tables = hashlib.sha256(b"".join(_digests(sorted(links_place(archive).glob("*.parquet")))))
    return f"{hashlib.sha256(repr(said).encode()).hexdigest()} {tables.hexdigest()}\n".encode()


@cache
def _program() -> str:
    """Digest the code and tables that link, and the libraries below them."""
    libraries = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    parts = sorted(path for path in (_PROGRAM / "linking").iterdir() if path.suffix in {".py", ".sql", ".toml"})
    code = b"".join(_digests((*parts, _PROGRAM / "flow" / "linking.py")))
    return f"{libraries} {hashlib.sha256(code).hexdigest()}"


def _digests(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with storage(path), path.open("rb") as stream:
            yield path.name.encode() + hashlib.file_digest(stream, "sha256").digest()


def thresholds(config: LinksConfig) -> dict[str, Thresholds]:
    """Give the thresholds of every kind, the model's own where none are set.

    Raises ConfigError where set and own ones do not fit together.
    """
    return {kind: _thresholds(kind, getattr(config, kind)) for kind in KINDS}


def adjusted(config: LinksConfig, accept: Mapping[str, float], review: Mapping[str, float]) -> LinksConfig:
    """Give the configuration with other thresholds for some kinds."""

    def of(kind: str, own: LinkThresholds) -> LinkThresholds:
        return LinkThresholds(accept=accept.get(kind, own.accept), review=review.get(kind, own.review))

    artist, release, recording = (of(kind, getattr(config, kind)) for kind in KINDS)
    return replace(config, artist=artist, release=release, recording=recording)


def read_probabilities(texts: Iterable[str]) -> dict[str, float]:
    """Read `recording=0.8` and its like: a probability for each kind; raises UsageError, the last of a kind counts."""
    return dict(_probability(text) for text in texts)


def _probability(text: str) -> tuple[str, float]:
    kind, _, number = text.partition("=")
    try:
        found = float(number)
    except ValueError:
        found = -1.0
    if kind not in KINDS or not 0 < found <= 1:
        raise UsageError(
            f"{text!a:.80} gives no kind a probability",
            hint=f"Write {', '.join(KINDS[:-1])} or {KINDS[-1]}, = and a number above 0, at most 1: recording=0.8.",
        )
    return kind, found


def _thresholds(kind: str, chosen: LinkThresholds) -> Thresholds:
    own = model(kind).thresholds
    accept = own.accept if chosen.accept is None else chosen.accept
    review = own.review if chosen.review is None else chosen.review
    try:
        return Thresholds(accept=accept, review=review)
    except ConfigError as error:
        raise ConfigError(f"links.{kind}: {error}", hint=_FIT) from error
