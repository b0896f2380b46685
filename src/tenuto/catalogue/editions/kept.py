"""Which rows of each table a small edition keeps, as SQL: `main` is the edition, `full` the whole catalogue.

Tables stand in the order in which they can be filled: each query may ask what is kept of the ones above it.
"""

from tenuto.catalogue.searched import ALIASES

__all__ = ["KEPT", "SEARCHED"]

_BY_SUBJECT = (("ar", "artists"), ("la", "labels"), ("rc", "recordings"), ("re", "releases"))
_SUBJECTS = (*_BY_SUBJECT, ("rg", "release_groups"), ("tr", "tracks"), ("wo", "works"))
_SINGULAR = {
    "artists": "artist",
    "labels": "label",
    "recordings": "recording",
    "releases": "release",
    "release_groups": "release_group",
    "tracks": "track",
    "works": "work",
}


def _owned(column: str = "owner", subject: str = "subject") -> str:
    """Hold for rows whose owner is kept, whatever kind it is of."""
    cases = (
        f"WHEN '{prefix}' THEN EXISTS (SELECT 1 FROM main.{table} AS k WHERE k.{_SINGULAR[table]} = o.{column})"
        for prefix, table in _SUBJECTS
    )
    return f"CASE o.{subject} {' '.join(cases)} ELSE 0 END"


def _of(table: str) -> str:
    """Hold for rows of a kept release, track or verdict."""
    key = {"verdicts": "verdict"}.get(table) or _SINGULAR[table]
    return f"o.{key} IN (SELECT {key} FROM main.{table})"


def _among(key: str, *places: str) -> str:
    """Hold for rows whose key stands in one of the columns, each given as `table.column`."""
    parts = (place.split(".") for place in places)
    return f"o.{key} IN ({' UNION '.join(f'SELECT {column} FROM main.{table}' for table, column in parts)})"


KEPT: dict[str, str] = {
    **dict.fromkeys(("sources", "captures", "capture_facts", "licences", "provenance", "packages", "torrents"), "1"),
    "recordings": "o.recording <= :recordings",
    "tracks": "o.recording <= :recordings",
    "releases": _among("release", "tracks.release"),
    "release_groups": _among("release_group", "releases.release_group"),
    "files": _among("file", "recordings.file"),
    "contributions": _owned(),
    "artist_credits": _among(
        "credit", "recordings.credit", "tracks.credit", "releases.credit", "release_groups.credit"
    ),
    "credit_names": _among("credit", "artist_credits.credit"),
    "artists": _among("artist", "credit_names.artist", "contributions.artist"),
    "release_labels": _of("releases"),
    "labels": _among("label", "release_labels.label"),
    **dict.fromkeys(("release_events", "media", "release_formats"), _of("releases")),
    "works": (
        "o.work IN (SELECT target FROM full.relations AS r JOIN main.recordings AS k ON r.owner = k.recording"
        " WHERE r.subject = 'rc' AND r.target_subject = 'wo' AND :works)"
    ),
    "observations": _of("tracks"),
    **dict.fromkeys(("aliases", "genre_uses", "identifiers", "evidence"), _owned()),
    "relations": f"{_owned()} AND (o.target IS NULL OR {_owned('target', 'target_subject')})",
    "genres": _among("genre", "genre_uses.genre"),
    "links": f"{_owned('left_owner')} AND {_owned('right_owner')}",
    "clusters": _owned(),
    "redirects": _among("target", "clusters.cluster", "artists.id", "releases.id", "recordings.id"),
    "statements": _among("statement", "evidence.statement"),
    "verdicts": _among("verdict", "tracks.verdict"),
    "verdict_licences": _of("verdicts"),
    "findings": _of("verdicts"),
    "reasons": _among("reason", "verdicts.reason", "tracks.absence", "findings.reason"),
    **dict.fromkeys(("flags", "attributions", "attribution_licences", "placements"), _of("tracks")),
    "stats": "1",
}
"""Table, and the condition that holds for its kept rows `o`."""

_TITLES = """SELECT group_concat(title, char(31)) FROM (SELECT DISTINCT t.title FROM main.tracks AS t
  WHERE t.recording = r.recording AND t.title IS NOT NULL ORDER BY 1)"""
_NAMES = f"""SELECT group_concat(name, ' ') FROM (
  SELECT coalesce(b.credited, a.name) AS name FROM main.tracks AS t
  JOIN main.contributions AS b ON b.subject = 'tr' AND b.owner = t.track LEFT JOIN main.artists AS a USING (artist)
  WHERE t.recording = r.recording
  UNION SELECT d.name FROM main.tracks AS t JOIN main.artist_credits AS d USING (credit)
  WHERE t.recording = r.recording
  UNION SELECT d.name FROM main.tracks AS t JOIN main.observations USING (track)
  JOIN main.releases AS s USING (release) JOIN main.artist_credits AS d ON d.credit = s.credit
  WHERE t.recording = r.recording
  UNION SELECT concat_ws(' ', a.name, a.sort_name, (SELECT group_concat(name, ' ') FROM (
    SELECT name FROM main.aliases WHERE subject = 'ar' AND owner = a.artist
    ORDER BY is_primary IS NULL, position LIMIT {ALIASES})))
  FROM main.credit_names AS n JOIN main.artists AS a USING (artist) WHERE n.credit = r.credit)"""
_RELEASES = """SELECT group_concat(title, ' ') FROM (SELECT DISTINCT s.title FROM main.tracks AS t
  JOIN main.releases AS s USING (release) WHERE t.recording = r.recording ORDER BY 1)"""

SEARCHED = f"""
SELECT recording, title_words(r.title, c.name, ({_TITLES})), artist_words(c.name, ({_NAMES})), words(({_RELEASES}))
FROM (
  SELECT recording, title, coalesce(credit, (SELECT coalesce(t.credit, s.credit) FROM main.tracks AS t
    LEFT JOIN main.releases AS s USING (release) WHERE t.recording = o.recording
    AND coalesce(t.credit, s.credit) IS NOT NULL ORDER BY t.track LIMIT 1)) AS credit
  FROM main.recordings AS o
) AS r LEFT JOIN main.artist_credits AS c USING (credit) ORDER BY recording
"""
"""The words search finds a kept recording by: its titles, its names, the titles of its releases."""
