"""Questions to a finished catalogue; it needs SQLite alone, so that a small process may ask."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import apsw

from tenuto.catalogue.grounds import grounds, tracks_of
from tenuto.catalogue.lines import TRACK, replacement
from tenuto.catalogue.nouns import Count, Page, Stats, Why
from tenuto.catalogue.pages import PAGES
from tenuto.catalogue.reading import reading
from tenuto.model.errors import NotFoundError
from tenuto.model.ids import Sha256, TrackId, id_kind
from tenuto.model.package import Attribution, PackItem

__all__ = ["ending_in", "open_items", "show", "stats", "why"]

_OPEN = f"""
SELECT track, found.id, lower(hex(sha256)), size,
  coalesce(artist_credits.name, nullif(found.artist, ''), attributions.creator), found.released,
  disc, found.position + 1, found.title, path, container,
  attributions.title, creator, attributions.copyright_notice, attributions.source_url, changes, disclaimer
FROM attributions JOIN ({TRACK}) AS found USING (track) JOIN verdicts USING (verdict) JOIN files USING (file)
JOIN observations USING (track) LEFT JOIN releases USING (release) LEFT JOIN artist_credits USING (credit)
WHERE decision = 'open' AND files.held AND absence IS NULL
ORDER BY 5, 6, disc, found.position, found.id
"""

_LICENCES = """
SELECT coalesce(licences.id, ''), attribution_licences.url FROM attribution_licences LEFT JOIN licences USING (licence)
WHERE track = ? ORDER BY position
"""

_TOTALS = """
SELECT value, (SELECT count(*) FROM artists), (SELECT count(*) FROM releases), (SELECT count(*) FROM recordings)
FROM meta WHERE name = 'archive'
"""

_ENDING = """
SELECT DISTINCT path FROM observations WHERE substr('/' || path, -length(:end)) = :end ORDER BY path LIMIT :most
"""

_COUNT = ("topic", "label", "tracks", "files", "bytes")

_SUFFIXES = {"ogg": (".ogg", ".oga", ".opus"), "mp4": (".m4a", ".mp4", ".m4b"), "aiff": (".aiff", ".aif")}
"""Extensions that fit a container; the first stands where a file's own does not fit."""


def show(path: Path, public_id: str) -> Page:
    """Show the track, recording, release or artist of that id, or what replaced it; raises NotFoundError."""
    kind = id_kind(public_id)
    if kind is None:
        raise NotFoundError(f"{public_id!a} is no id of a track, recording, release or artist")
    with reading(path) as connection:
        page = PAGES[kind](connection, public_id) if kind in PAGES else None
        target = replacement(connection, public_id) if page is None else None
        if target is not None and kind in PAGES:
            page = PAGES[kind](connection, target)
    if page is None:
        raise NotFoundError(f"the catalogue has no {public_id}")
    return page


def why(path: Path, subject: str) -> tuple[Why, ...]:
    """Explain the verdicts on a track, recording or release id, or a file's path; raises NotFoundError."""
    with reading(path) as connection:
        found = tuple(grounds(connection, track) for track in tracks_of(connection, subject))
    if not found:
        raise NotFoundError(f"the catalogue has no {subject!a}")
    return found


def ending_in(path: Path, name: str, limit: int = 5) -> tuple[str, ...]:
    """Give the paths of tracks that end in `/name`, so that a file's bare name finds it."""
    asked = "/" + name.encode("utf-8", "replace").decode().strip("/")
    with reading(path) as connection:
        rows = connection.execute(_ENDING, {"end": asked, "most": limit})
        return tuple(found for (found,) in rows)


def stats(path: Path) -> Stats:
    """Count what the catalogue holds."""
    with reading(path) as connection:
        rows = connection.execute("SELECT topic, label, tracks, files, bytes FROM stats ORDER BY topic, label")
        counts = tuple(Count(**dict(zip(_COUNT, row, strict=True))) for row in rows)
        name, artists, releases, recordings = _rows(connection, _TOTALS)[0]
    return Stats(name=name, artists=artists, releases=releases, recordings=recordings, counts=counts)


def open_items(path: Path) -> Iterator[PackItem]:
    """Yield what may be shared, an item for each track, by artist, release, disc, number and id."""
    with reading(path) as connection:
        for row in connection.execute(_OPEN):
            yield _item(row[1:11], _attribution(connection, row[0], row[11:]))


def _item(row: tuple[Any, ...], due: Attribution) -> PackItem:
    public_id, sha256, size, artist, release, disc, number, title, path, container = row
    return PackItem(
        track_id=TrackId(public_id),
        sha256=Sha256(sha256),
        size=size,
        artist=artist,
        release=release,
        disc=disc,
        number=number,
        title=title,
        extension=_extension(path, container),
        attribution=due,
    )


def _extension(path: str, container: str) -> str:
    fitting = _SUFFIXES.get(container, (f".{container}",))
    own = PurePosixPath(path).suffix.lower()
    return own if own in fitting else fitting[0]


def _attribution(connection: apsw.Connection, track: int, row: tuple[Any, ...]) -> Attribution:
    title, creator, notice, source_url, changes, disclaimer = row
    licences = _rows(connection, _LICENCES, track)
    return Attribution(
        creator=creator,
        title=title,
        copyright_notice=notice,
        licences=tuple(name for name, _ in licences if name),
        licence_urls=tuple(url for _, url in licences if url),
        source_url=source_url,
        changes=changes,
        disclaimer=disclaimer,
    )


def _rows(connection: apsw.Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    return connection.execute(query, values).fetchall()
