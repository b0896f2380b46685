"""Pages: all the catalogue says of one track, recording, release or artist."""

from collections.abc import Callable

import apsw

from tenuto.catalogue.lines import LISTED, file_of, licences_of, placements_of, track_lines
from tenuto.catalogue.nouns import ArtistPage, Named, Page, RecordingPage, ReleasePage, TrackPage
from tenuto.model.ids import IdKind

__all__ = ["PAGES"]

_TRACK = """
SELECT tracks.track, tracks.title, title_guessed, tracks.artist, tracks.number, disc, tracks.date, copyright_notice,
  source_url, sources.name, collection, path, tracks.file, releases.id, releases.title, recordings.id,
  recordings.title,
  decision, reasons.code, reasons.text, absence.text
FROM tracks JOIN sources USING (source) JOIN recordings USING (recording) JOIN verdicts USING (track)
JOIN reasons USING (reason) LEFT JOIN releases USING (release)
LEFT JOIN ledger ON ledger.track = tracks.track LEFT JOIN reasons AS absence ON absence.reason = ledger.reason
WHERE tracks.id = ?
"""

_CREDITS = """
SELECT artists.id, coalesce(credited, name), role
FROM credits JOIN artists USING (artist) WHERE track = ? ORDER BY position
"""

_RELEASE = """
SELECT release, releases.title, date, label, catalogue_number, sources.name, artists.id, artists.name
FROM releases JOIN sources USING (source) LEFT JOIN artists USING (artist) WHERE releases.id = ?
"""

_RELEASES_BY = "SELECT id, title, coalesce(date, '') FROM releases WHERE artist = ? ORDER BY date, title, id LIMIT ?"

_IDENTIFIERS = (
    "SELECT DISTINCT '', value, type FROM identifiers WHERE track = ? AND subject = 'track' ORDER BY position"
)

_RELEASE_IDENTIFIERS = """
SELECT DISTINCT '', value, type FROM identifiers JOIN tracks USING (track)
WHERE release = ? AND subject = 'release' ORDER BY type, value LIMIT 100
"""

_BY = "tracks.track IN (SELECT track FROM credits WHERE credits.artist = ?)"


def _track(connection: apsw.Connection, public_id: str) -> TrackPage | None:
    for row in connection.execute(_TRACK, (public_id,)):
        track, title, guessed, artist, number, disc, date, notice, url, *rest = row
        source, collection, path, file, release, named, recording, recorded, *verdict = rest
        decision, code, reason, absent = verdict
        genres = connection.execute("SELECT name FROM track_genres JOIN genres USING (genre) WHERE track = ?", (track,))
        return TrackPage(
            id=public_id,
            title=title,
            title_guessed=bool(guessed),
            artist=artist,
            credits=_named(connection, _CREDITS, track),
            release=Named(id=release, name=named) if release else None,
            recording=Named(id=recording, name=recorded),
            disc=disc,
            number=number,
            date=date,
            genres=tuple(name for (name,) in genres),
            identifiers=_named(connection, _IDENTIFIERS, track),
            source=source,
            collection=collection,
            path=path,
            source_url=url,
            copyright_notice=notice,
            decision=decision,
            code=code,
            reason=reason,
            absent=absent,
            licences=licences_of(connection, track),
            flags=_named(connection, "SELECT '', code, detail FROM flags WHERE track = ?", track),
            file=file_of(connection, file),
            placements=placements_of(connection, track),
        )
    return None


def _recording(connection: apsw.Connection, public_id: str) -> RecordingPage | None:
    for key, title, file in connection.execute(
        "SELECT recording, title, file FROM recordings WHERE id = ?", (public_id,)
    ):
        return RecordingPage(
            id=public_id,
            title=title,
            file=file_of(connection, file),
            tracks=track_lines(connection, "recording = ?", key),
        )
    return None


def _release(connection: apsw.Connection, public_id: str) -> ReleasePage | None:
    for key, title, date, label, number, source, artist, name in connection.execute(_RELEASE, (public_id,)):
        return ReleasePage(
            id=public_id,
            title=title,
            artist=Named(id=artist, name=name) if artist else None,
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
