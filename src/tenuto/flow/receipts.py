"""What was published before: bag receipts on disk, and the torrents that follow from them."""

from tenuto.flow.archive import Archive
from tenuto.model.config import Layout
from tenuto.model.package import BagReceipt, TorrentReceipt
from tenuto.packages.bag import bag_names, read_receipt
from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent

__all__ = ["read_bags", "remake_torrents", "torrent_options"]


def read_bags(layout: Layout) -> tuple[BagReceipt, ...]:
    """Read the receipts of all finished bags, in the order of their names."""
    return tuple(read_receipt(layout.packages, name) for name in sorted(bag_names(layout.packages)))


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
