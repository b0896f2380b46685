"""Rows to nouns, for the parts that several answers share."""

from typing import Any

import apsw

from tenuto.catalogue.nouns import FileFacts, LicenceLine, PlacementLine, TrackLine

__all__ = ["LISTED", "TRACK", "file_of", "licences_of", "placements_of", "replacement", "track_lines", "track_of"]

LISTED = 1_000
"""How many tracks a list shows at most."""

TRACK = """
  SELECT track, tracks.source, tracks.recording, file, verdict, absence, tracks.release, medium, position,
    coalesce(tracks.id, releases.id || '/' || (medium + 1) || '-' || (position + 1)) AS id,
    coalesce(tracks.title, recordings.title) AS title, coalesce(own.name, performed.name, by.name, '') AS artist,
    coalesce(releases.title, '') AS released, medium + 1 AS disc,
    coalesce(tracks.number, cast(position + 1 AS TEXT)) AS number,
    coalesce(duration_ms, tracks.length_ms, recordings.length_ms) AS duration_ms, coalesce(held, 0) AS held
  FROM tracks JOIN recordings USING (recording) LEFT JOIN releases USING (release) LEFT JOIN files USING (file)
  LEFT JOIN artist_credits AS own ON own.credit = tracks.credit
  LEFT JOIN artist_credits AS performed ON performed.credit = recordings.credit
  LEFT JOIN artist_credits AS by ON by.credit = releases.credit
"""
"""A track with all that it has of its recording, its release and its file."""

_LINES = f"""
SELECT id, title, artist, released, disc, number, duration_ms, decision, held
FROM ({TRACK} WHERE {{where}}) JOIN verdicts USING (verdict)
ORDER BY medium, position, title, track LIMIT ?
"""

_NAMED = "SELECT track FROM tracks WHERE id = ?"

_PLACED = """
SELECT track FROM releases JOIN tracks USING (release)
WHERE releases.id = ? AND medium = ? - 1 AND position = ? - 1 AND tracks.id IS NULL
"""

_FILE = """
SELECT lower(hex(sha256)), size, container, codec, duration_ms, sample_rate, channels, bit_rate, held
FROM files WHERE file = ?
"""

_LICENCES = """
SELECT licences.id, name, url, gate FROM tracks JOIN verdict_licences USING (verdict) JOIN licences USING (licence)
WHERE track = ? ORDER BY verdict_licences.position
"""

_PLACEMENTS = """
SELECT packages.name, path, infohash_v1, infohash_v2, file_index, offset, length, coalesce(lower(hex(pieces_root)), '')
FROM placements JOIN packages USING (package) JOIN torrents USING (torrent)
WHERE track = ? ORDER BY packages.name
"""


def track_of(connection: apsw.Connection, public_id: str) -> int | None:
    """Find a track's key by its public id: its own, or `RELEASE/MEDIUM-PLACE`, both from 1."""
    release, _, place = public_id.partition("/")
    medium, _, position = place.partition("-")
    placed = (_PLACED, (release, int(medium), int(position))) if place else (_NAMED, (public_id,))
    for (track,) in connection.execute(*placed):
        return int(track)
    return None


def replacement(connection: apsw.Connection, public_id: str) -> str | None:
    """Give the id that stands for one that is gone; None where none is known."""
    for (target,) in connection.execute("SELECT target FROM redirects WHERE id = ?", (public_id,)):
        return str(target)
    return None


def track_lines(connection: apsw.Connection, where: str, *values: object) -> tuple[TrackLine, ...]:
    """List tracks by a condition of ours, in the order of medium, place and title, at most LISTED of them."""
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
