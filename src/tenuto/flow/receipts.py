"""What was published before: bag receipts on disk, and the torrents that follow from them."""

from tenuto.flow.archive import Archive
from tenuto.model.package import BagReceipt, TorrentReceipt
from tenuto.packages.bag import bag_names, read_receipt
from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent

__all__ = ["packed_digests", "read_bags", "remake_torrents", "torrent_options"]


def read_bags(archive: Archive) -> tuple[BagReceipt, ...]:
    """Read the receipts of the bags that the ledger names and that are there, in the order of their names.

    What else lies in the folder is nobody's bag. Raises IntegrityError where a receipt is not the one recorded,
    PackageError where it is gone.
    """
    recorded, root = packed_digests(archive), archive.layout.packages
    return tuple(read_receipt(root, name, recorded[name]) for name in sorted(recorded.keys() & bag_names(root)))


def packed_digests(archive: Archive) -> dict[str, str]:
    """Give the names of all bags ever made, each with the digest of its receipt."""
    rows = (entry.what for entry in archive.ledger.entries())
    return {row.subject: row.sha256 for row in rows if row.event == "packed"}


def torrent_options(archive: Archive, versions: Versions = Versions.HYBRID) -> TorrentOptions:
    """Give what torrents say besides their content, as tenuto.toml has it."""
    settings = archive.config.torrents
    return TorrentOptions(
        trackers=settings.trackers, web_seeds=settings.web_seeds, private=settings.private, versions=versions
    )


def remake_torrents(archive: Archive, bags: tuple[BagReceipt, ...]) -> tuple[TorrentReceipt, ...]:
    """Derive the receipts of all hybrid torrents written so far; nothing is read but the bags' receipts."""
    options = torrent_options(archive)
    written = (bag for bag in bags if archive.layout.metainfo(bag.name)[0].is_file())
    return tuple(make_torrent(bag, options) for bag in written)
