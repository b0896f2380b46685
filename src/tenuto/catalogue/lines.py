"""Rows to nouns, for the parts that several answers share."""

from typing import Any

import apsw

from tenuto.catalogue.nouns import FileFacts, LicenceLine, PlacementLine, TrackLine

__all__ = ["LISTED", "file_of", "licences_of", "placements_of", "track_lines"]

LISTED = 1_000
"""How many tracks a list shows at most."""

_LINES = """
SELECT tracks.id, tracks.title, tracks.artist, coalesce(releases.title, ''), disc, number, duration_ms, decision,
  coalesce(held, 0)
FROM tracks JOIN verdicts USING (track) LEFT JOIN releases USING (release) LEFT JOIN files USING (file)
WHERE {where}
ORDER BY disc, number, tracks.title, track LIMIT ?
"""

_FILE = """
SELECT lower(hex(sha256)), size, container, codec, duration_ms, sample_rate, channels, bit_rate, held
FROM files WHERE file = ?
"""

_LICENCES = """
SELECT id, name, url, gate FROM verdict_licences JOIN licences USING (licence) WHERE track = ? ORDER BY position
"""

_PLACEMENTS = """
SELECT packages.name, path, infohash_v1, infohash_v2, file_index, offset, length, coalesce(lower(hex(pieces_root)), '')
FROM placements JOIN packages USING (package) JOIN torrents USING (torrent)
WHERE track = ? ORDER BY packages.name
"""


def track_lines(connection: apsw.Connection, where: str, *values: object) -> tuple[TrackLine, ...]:
    """List tracks by a condition of ours, in the order of disc, number and title, at most LISTED of them."""
    rows = connection.execute(_LINES.format(where=where), (*values, LISTED))
    names = ("id", "title", "artist", "release", "disc", "number", "duration_ms", "decision", "held")
    return tuple(TrackLine(**_held(names, row)) for row in rows)


def file_of(connection: apsw.Connection, file: int | None) -> FileFacts | None:
    """Give a file's facts by its key."""
    names = ("sha256", "size", "container", "codec", "duration_ms", "sample_rate", "channels", "bit_rate", "held")
    for row in connection.execute(_FILE, (file,)):
        return FileFacts(**_held(names, row))
    return None


def licences_of(connection: apsw.Connection, track: int) -> tuple[LicenceLine, ...]:
    """List the licences a track's verdict rests on."""
    rows = connection.execute(_LICENCES, (track,))
    return tuple(LicenceLine(id=key, name=name, url=url, gate=gate) for key, name, url, gate in rows)


def placements_of(connection: apsw.Connection, track: int) -> tuple[PlacementLine, ...]:
    """List where a track's audio lies in torrents."""
    names = ("package", "path", "infohash_v1", "infohash_v2", "file_index", "offset", "length", "pieces_root")
    return tuple(
        PlacementLine(**dict(zip(names, row, strict=True))) for row in connection.execute(_PLACEMENTS, (track,))
    )


def _held(names: tuple[str, ...], row: tuple[Any, ...]) -> dict[str, Any]:
    """Name a row's columns; the last says whether the store holds the file."""
    return dict(zip(names, (*row[:-1], bool(row[-1])), strict=True))
