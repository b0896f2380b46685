"""`tenuto seed`: serve the archive's torrents; the rights are asked once more at this exit."""

import hashlib
import time
from dataclasses import dataclass

from tenuto.catalogue.ask import open_items
from tenuto.durable import storage
from tenuto.flow.archive import Archive
from tenuto.flow.build import is_current
from tenuto.flow.receipts import read_bags
from tenuto.model.addresses import Endpoint, is_loopback, parse_listen, parse_peer
from tenuto.model.errors import NotFoundError, TorrentError, UsageError
from tenuto.model.ids import TrackId
from tenuto.model.package import BagReceipt
from tenuto.model.progress import Progress
from tenuto.torrents.addresses import host_fault
from tenuto.torrents.reading import read_metainfo
from tenuto.torrents.seed import Seeder, SeedOptions

__all__ = ["SeedReport", "SeedRequest", "seed", "serving"]

_STEP = 0.5  # seconds between two looks at the session


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRequest:
    """What one run of `seed` is asked to do beside tenuto.toml."""

    seconds: float | None = None
    """None: until interrupted."""
    listen: str | None = None
    peers: tuple[str, ...] = ()
    """`IP:port` of peers to connect to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedReport:
    """What was served, and what was not."""

    served: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...]
    """Bag and reason."""
    dropped: tuple[tuple[str, str], ...]
    """Tracker or web seed that was not called, and why."""
    uploaded: int
    """Bytes."""


def seed(archive: Archive, request: SeedRequest, progress: Progress) -> SeedReport:
    """Serve until the time is over or the person interrupts."""
    peers = _peers(archive, request)
    seeder, served, withheld = serving(archive, request.listen)
    with seeder:
        try:
            progress.note(f"Serving {len(served)} torrents on port {seeder.port}; Ctrl-C ends it.")
            for peer in peers:
                seeder.connect(str(peer.address), peer.port)
            _serve(seeder, request.seconds, progress)
        except KeyboardInterrupt:
            progress.note("Stopping.")
        progress.finish()
        dropped = tuple((one.url, one.reason) for one in seeder.dropped)
        uploaded = seeder.stats().uploaded
    return SeedReport(served=served, withheld=withheld, dropped=dropped, uploaded=uploaded)


def serving(archive: Archive, listen: str | None) -> tuple[Seeder, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Start a session with every torrent that may be served: the session, the names served, the withheld and why."""
    if not is_current(archive):
        hint = "Run `tenuto torrents`: it builds anew and asks each track's rights as they are now."
        raise UsageError("the catalogue is older than what it rests on", hint=hint)
    options = _options(archive, listen)
    allowed, withheld = _permitted(archive)
    if not allowed and not withheld:
        raise NotFoundError("there is nothing to seed", hint="Run `tenuto pack` and `tenuto torrents` first.")
    seeder, served = Seeder(options, [one.infohash for one in allowed]), []
    for one in allowed:
        try:
            seeder.add(one.metainfo, archive.layout.packages / one.bag)
            served.append(one.name)
        except TorrentError as error:
            withheld.append((one.name, str(error)))
    return seeder, tuple(served), tuple(withheld)


def _options(archive: Archive, listen: str | None) -> SeedOptions:
    settings = archive.config.seed
    listen = settings.listen if listen is None else listen
    return SeedOptions(
        listen=listen,
        dht=settings.dht,
        lsd=settings.local_discovery,
        upload_limit=settings.upload_limit,
        allow_local=is_loopback(parse_listen(listen)),  # nobody else can reach such a session or be called by it
    )


def _peers(archive: Archive, request: SeedRequest) -> list[Endpoint]:
    """Read the peers to connect to; raises UsageError for one that the session's address filter would stop."""
    peers = [parse_peer(text) for text in request.peers]
    local = _options(archive, request.listen).allow_local
    for peer in peers:
        fault = None if local else host_fault(str(peer.address))
        if fault is not None:
            hint = "A session that listens beyond this machine calls no private address; try --listen 127.0.0.1:0."
            raise UsageError(f"{peer} is not called: {fault}", hint=hint)
    return peers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    """A torrent that may be served."""

    name: str
    bag: str
    metainfo: bytes
    infohash: str


def _permitted(archive: Archive) -> tuple[list[_Allowed], list[tuple[str, str]]]:
    """Part the torrents this archive published and may still share from the withheld."""
    shareable = {item.track_id for item in open_items(archive.layout.catalogue)}
    published = {entry.what.sha256 for entry in archive.ledger.entries() if entry.what.event == "torrent"}
    allowed, withheld = [], []
    for bag in read_bags(archive):
        for path in archive.layout.metainfo(bag.name):
            if not path.is_file():
                continue
            with storage(path):
                metainfo = path.read_bytes()
            fault = _closed(bag, shareable)
            if hashlib.sha256(metainfo).hexdigest() not in published:
                fault = "its metainfo is not what this archive published"
            if fault:
                withheld.append((path.stem, fault))
            else:
                told = read_metainfo(metainfo)
                infohash = told.infohash_v2 or told.infohash_v1
                allowed.append(_Allowed(name=path.stem, bag=bag.name, metainfo=metainfo, infohash=infohash))
    return allowed, withheld


def _closed(bag: BagReceipt, shareable: set[TrackId]) -> str:
    closed = [track for file in bag.files for track in file.track_ids if track not in shareable]
    return f"{len(closed)} of its tracks may no longer be shared, first {closed[0]}" if closed else ""


def _serve(seeder: Seeder, seconds: float | None, progress: Progress) -> None:
    end = None if seconds is None else time.monotonic() + seconds
    progress.start("Seeding", None, "bytes")
    sent = seeder.stats().uploaded
    while end is None or time.monotonic() < end:
        uploaded = seeder.wait(_STEP if end is None else max(0.0, min(_STEP, end - time.monotonic()))).uploaded
        progress.advance(uploaded - sent)
        sent = uploaded
