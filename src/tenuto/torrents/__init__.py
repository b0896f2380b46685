"""BitTorrent: metainfo from a bag's hashes, strict reading of metainfo, checking content, and seeding."""

from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent
from tenuto.torrents.reading import MetaFile, Metainfo, read_metainfo
from tenuto.torrents.seed import Seeder, SeedOptions, SeedStats
from tenuto.torrents.verify import ContentReport, verify_torrent

__all__ = [
    "ContentReport",
    "MetaFile",
    "Metainfo",
    "SeedOptions",
    "SeedStats",
    "Seeder",
    "TorrentOptions",
    "Versions",
    "make_torrent",
    "read_metainfo",
    "verify_torrent",
]
