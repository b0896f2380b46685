"""`tenuto pack` and `tenuto torrents`: what may be shared, as bags, and bags as torrents."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenuto.audio.store import Store
from tenuto.catalogue.ask import open_items
from tenuto.durable import storage, write_file
from tenuto.flow.acknowledged import heads
from tenuto.flow.archive import Archive
from tenuto.flow.build import build
from tenuto.flow.receipts import packed_digests, read_bags, torrent_options
from tenuto.ledger.chain import Event
from tenuto.model.config import byte_size
from tenuto.model.package import BagReceipt, PackItem, TorrentReceipt
from tenuto.model.progress import Progress
from tenuto.packages.attribution import Exclusion, packable
from tenuto.packages.bag import BagOptions, receipt_digest, write_bag
from tenuto.packages.plan import plan_bags, unpacked
from tenuto.packages.relink import relink
from tenuto.rights.licences import all_licences
from tenuto.torrents.metainfo import Versions, make_torrent

__all__ = ["PackReport", "TorrentReport", "make_torrents", "pack"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReport:
    """What `pack` made and what lay packed already."""

    made: tuple[BagReceipt, ...]
    tracks_before: int
    excluded: tuple[Exclusion, ...] = ()
    """What may be shared but cannot be given what its licence asks for."""
    mended: int = 0
    """Payload files of older bags that were replaced by the store's good copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TorrentReport:
    """Which torrents `torrents` wrote, and which stood already."""

    made: tuple[tuple[str, TorrentReceipt], ...]
    """Name of the file, and what is in it."""
    before: int


def pack(archive: Archive, progress: Progress) -> PackReport:
    """Put everything open that is in no bag yet into new bags; finished bags never change.

    Raises IntegrityError where the store lost or damaged a file, StorageError where the disk refuses.
    """
    with archive.locked():
        build(archive, progress)  # the rights are asked as they are now, not as they were at the last build
        bags, licences = read_bags(archive), {one.id: one for one in all_licences()}
        mended = _relinked(archive, bags)
        items = list(open_items(archive.layout.catalogue))
        kept, excluded = packable(unpacked(items, bags), licences)
        return PackReport(
            made=_write_bags(archive, kept, progress),
            tracks_before=len(items) - len(kept) - len(excluded),
            excluded=tuple(excluded),
            mended=mended,
        )


def _relinked(archive: Archive, bags: Sequence[BagReceipt]) -> int:
    """Mend payload files whose place in the store was taken by a good copy."""
    store, root = Store(archive.layout.store), archive.layout.packages
    return sum(relink(root / bag.name, bag, store.path, store.is_whole) for bag in bags)


def _write_bags(archive: Archive, items: Sequence[PackItem], progress: Progress) -> tuple[BagReceipt, ...]:
    """Write bags under names that no bag ever had: a published name never comes back with other content."""
    store, options = Store(archive.layout.store), _bag_options(archive)
    plans = plan_bags(
        items,
        archive=archive.layout.name,
        taken=packed_digests(archive),
        limit_bytes=byte_size(archive.config.packages.limit),
    )
    made = tuple(write_bag(plan, store.path, archive.layout.packages, options, progress) for plan in plans)
    archive.ledger.append(map(_packed, made))
    return made


def _packed(receipt: BagReceipt) -> Event:
    tracks = sum(len(file.track_ids) for file in receipt.files)
    reason = f"{tracks} tracks in {len(receipt.files)} files"
    return Event(event="packed", subject=receipt.name, reason=reason, sha256=receipt_digest(receipt))


def _bag_options(archive: Archive) -> BagOptions:
    newest = max((head.captured_at for head in heads(archive)), default="")
    return BagOptions(
        organisation=archive.config.archive.operator or archive.config.archive.name,
        contact=archive.config.archive.contact,
        description=f"Openly licensed music from the archive {archive.layout.name}",
        date=newest[:10],
        licences={one.id: one for one in all_licences()},
    )


def make_torrents(archive: Archive, progress: Progress) -> TorrentReport:
    """Write metainfo for every bag that has none or whose trackers changed, then place all tracks in the catalogue."""
    with archive.locked():
        wanted = [one for bag in read_bags(archive) for one in _metainfo(archive, bag)]
        changed = [(path, receipt) for path, receipt in wanted if not _stands(path, receipt)]
        known = {entry.what.sha256 for entry in archive.ledger.entries() if entry.what.event == "torrent"}
        events = [_published(path, receipt) for path, receipt in wanted]
        archive.ledger.append(event for event in events if event.sha256 not in known)
        for path, receipt in changed:
            write_file(path, receipt.metainfo)
        build(archive, progress)
        return TorrentReport(
            made=tuple((path.name, receipt) for path, receipt in changed), before=len(wanted) - len(changed)
        )


def _metainfo(archive: Archive, bag: BagReceipt) -> Iterator[tuple[Path, TorrentReceipt]]:
    hybrid, companion = archive.layout.metainfo(bag.name)
    yield hybrid, make_torrent(bag, torrent_options(archive))
    if archive.config.torrents.v1_companions:
        yield companion, make_torrent(bag, torrent_options(archive, Versions.V1))


def _stands(path: Path, receipt: TorrentReceipt) -> bool:
    with storage(path):
        return path.is_file() and path.read_bytes() == receipt.metainfo


def _published(path: Path, receipt: TorrentReceipt) -> Event:
    """Record metainfo by its digest before it is written: only what the ledger knows is ever seeded."""
    hashes = ", ".join(f"{v} {h}" for v, h in (("v1", receipt.infohash_v1), ("v2", receipt.infohash_v2)) if h)
    digest = hashlib.sha256(receipt.metainfo).hexdigest()
    return Event(event="torrent", subject=path.stem, reason=hashes, sha256=digest)
