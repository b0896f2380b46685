"""Magnet links of an archive's torrents, to be pasted where a .torrent file cannot go."""

from urllib.parse import quote

from tenuto.torrents.reading import Metainfo

__all__ = ["magnet"]


def magnet(told: Metainfo) -> str:
    """Write a torrent's magnet link (BEP 9, BEP 52): the infohashes it has, its name, trackers and web seeds."""
    hashes = (
        f"xt=urn:btih:{told.infohash_v1}" if told.infohash_v1 else "",
        f"xt=urn:btmh:1220{told.infohash_v2}" if told.infohash_v2 else "",  # multihash: SHA-256, 32 bytes
    )
    name = f"dn={quote(told.name, safe='')}"
    trackers = (f"tr={quote(url, safe='')}" for tier in told.trackers for url in tier)
    seeds = (f"ws={quote(url, safe='')}" for url in told.web_seeds)
    return "magnet:?" + "&".join(part for part in (*hashes, name, *trackers, *seeds) if part)
