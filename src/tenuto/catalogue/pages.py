"""Pages: all the catalogue says of one track, recording, release or artist."""

from collections.abc import Callable

import apsw

from tenuto.catalogue.lines import LISTED, TRACK, file_of, licences_of, placements_of, track_lines, track_of
from tenuto.catalogue.nouns import ArtistPage, Named, Page, RecordingPage, ReleasePage, TrackPage
from tenuto.model.ids import IdKind

__all__ = ["PAGES"]

_TRACK = f"""
SELECT found.recording, found.file, releases.id, found.released, recordings.id, recordings.title,
  found.id, found.title, coalesce(title_guessed, 0), found.artist, found.number, disc, observations.date,
  copyright_notice, source_url, sources.name, collection, path, decision, reasons.code, reasons.text, absent.text
FROM ({TRACK} WHERE track = ?) AS found JOIN sources USING (source) JOIN recordings USING (recording)
JOIN verdicts USING (verdict) JOIN reasons USING (reason) LEFT JOIN reasons AS absent ON absent.reason = found.absence
LEFT JOIN releases USING (release) LEFT JOIN observations USING (track)
"""

_CREDITS = """
SELECT artists.id, coalesce(credited, artists.name), 'performer'
FROM tracks JOIN recordings USING (recording)
JOIN credit_names ON credit_names.credit = coalesce(tracks.credit, recordings.credit) JOIN artists USING (artist)
WHERE track = :track
UNION ALL SELECT artists.id, coalesce(credited, artists.name), role
FROM contributions LEFT JOIN artists USING (artist) WHERE subject = 'tr' AND owner = :track
"""

_RELEASE = """
SELECT release, releases.title, releases.date, sources.name, releases.credit, artist_credits.name
FROM releases JOIN sources USING (source) LEFT JOIN artist_credits USING (credit) WHERE releases.id = ?
"""

_RELEASE_LABEL = """
SELECT name, catalogue_number FROM release_labels LEFT JOIN labels USING (label)
WHERE release = ? AND role IS NULL ORDER BY position LIMIT 1
"""

_RELEASES_BY = """
SELECT DISTINCT id, title, coalesce(date, '') FROM credit_names JOIN releases USING (credit)
WHERE artist = ? ORDER BY date, title, id LIMIT ?
"""

_CREDITED = """
SELECT artists.id, coalesce(credited, artists.name), '' FROM credit_names JOIN artists USING (artist)
WHERE credit = ? ORDER BY position
"""

_IDENTIFIERS = """
SELECT DISTINCT '', value, type FROM identifiers
WHERE (subject = 'tr' AND owner = ?) OR (subject = 'rc' AND owner = ?) ORDER BY subject DESC, position LIMIT 100
"""

_RELEASE_IDENTIFIERS = """
SELECT DISTINCT '', value, type FROM identifiers WHERE subject = 're' AND owner = ? ORDER BY type, value LIMIT 100
"""

_GENRES = """
SELECT name FROM genre_uses JOIN genres USING (genre)
WHERE (subject = 'tr' AND owner = ?) OR (subject = 'rc' AND owner = ?) ORDER BY subject DESC, position
"""

_BY = """tracks.track IN (
  SELECT track FROM credit_names JOIN recordings USING (credit) JOIN tracks USING (recording) WHERE artist = ?1
  UNION SELECT track FROM credit_names JOIN tracks USING (credit) WHERE artist = ?1
  UNION SELECT owner FROM contributions WHERE artist = ?1 AND subject = 'tr'
)"""

_FLAGS = "SELECT '', code, detail FROM flags WHERE track = ? ORDER BY position"


_TRACK_COLUMNS = (
    *("id", "title", "title_guessed", "artist", "number", "disc", "date", "copyright_notice", "source_url", "source"),
    *("collection", "path", "decision", "code", "reason", "absent"),
)


def _track(connection: apsw.Connection, public_id: str) -> TrackPage | None:
    track = track_of(connection, public_id)
    if track is None:
        return None
    for recording, file, release, released, recorded, titled, *facts in connection.execute(_TRACK, (track,)):
        said = dict(zip(_TRACK_COLUMNS, facts, strict=True))
        return TrackPage(
            **said | {"title_guessed": bool(said["title_guessed"])},
            credits=_named(connection, _CREDITS, track),
            release=Named(id=release, name=released) if release else None,
            recording=Named(id=recorded, name=titled),
            genres=tuple(name for (name,) in connection.execute(_GENRES, (track, recording))),
            identifiers=_named(connection, _IDENTIFIERS, track, recording),
            licences=licences_of(connection, track),
            flags=_named(connection, _FLAGS, track),
            file=file_of(connection, file),
            placements=placements_of(connection, track),
        )
    return None


def _recording(connection: apsw.Connection, public_id: str) -> RecordingPage | None:
    query = "SELECT recording, title, file FROM recordings WHERE id = ?"
    for key, title, file in connection.execute(query, (public_id,)):
        tracks = track_lines(connection, "tracks.recording = ?", key)
        return RecordingPage(id=public_id, title=title, file=file_of(connection, file), tracks=tracks)
    return None


def _release(connection: apsw.Connection, public_id: str) -> ReleasePage | None:
    for key, title, date, source, credit, artist in connection.execute(_RELEASE, (public_id,)):
        label, number = connection.execute(_RELEASE_LABEL, (key,)).get or (None, None)
        credited = _named(connection, _CREDITED, credit)
        return ReleasePage(
            id=public_id,
            title=title,
            artist=Named(id=credited[0].id, name=artist) if credited else None,
            date=date,
            label=label,
            catalogue_number=number,
            source=source,
            identifiers=_named(connection, _RELEASE_IDENTIFIERS, key),
            tracks=track_lines(connection, "tracks.release = ?", key),
        )
    return None


def _artist(connection: apsw.Connection, public_id: str) -> ArtistPage | None:
    query = "SELECT artist, artists.name, sources.name FROM artists JOIN sources USING (source) WHERE id = ?"
    for key, name, source in connection.execute(query, (public_id,)):
        return ArtistPage(
            id=public_id,
            name=name,
            source=source,
            releases=_named(connection, _RELEASES_BY, key, LISTED),
            tracks=track_lines(connection, _BY, key),
        )
    return None


def _named(connection: apsw.Connection, query: str, *values: object) -> tuple[Named, ...]:
    return tuple(Named(id=key, name=name, detail=detail) for key, name, detail in connection.execute(query, values))


PAGES: dict[IdKind, Callable[[apsw.Connection, str], Page | None]] = {
    IdKind.TRACK: _track,
    IdKind.RECORDING: _recording,
    IdKind.RELEASE: _release,
    IdKind.ARTIST: _artist,
}
"""How to make the page of each kind of id; None where no such thing is known."""
