"""How much there is, from where."""

from tenuto.reports.chart import Chart, bars

__all__ = ["CHARTS"]

CHARTS = (
    Chart(
        name="counts",
        title="What the catalogue holds",
        note="Rows of each kind; a recording that stands on several releases is one recording and several tracks.",
        sql="""
SELECT 'tracks' AS kind, count(*) AS number FROM tracks
UNION ALL SELECT 'recordings', count(*) FROM recordings
UNION ALL SELECT 'releases', count(*) FROM releases
UNION ALL SELECT 'release groups', count(*) FROM release_groups
UNION ALL SELECT 'artists', count(*) FROM artists
UNION ALL SELECT 'works', count(*) FROM works
UNION ALL SELECT 'labels', count(*) FROM labels
UNION ALL SELECT 'different ISRCs', count(DISTINCT value) FROM identifiers WHERE type = 'isrc'
UNION ALL SELECT 'audio files held', count(*) FROM files WHERE held""",
        draw=lambda rows: bars(rows, "kind", "number", "rows"),
    ),
    Chart(
        name="sources",
        title="Tracks by source",
        note="Each track counts for the source that gives it.",
        sql="""
SELECT sources.name AS source, count(*) AS tracks, metadata_licence AS licence
FROM tracks JOIN sources USING (source) GROUP BY 1, 3 ORDER BY 2 DESC, 1""",
        draw=lambda rows: bars(rows, "source", "tracks", "tracks"),
    ),
    Chart(
        name="overlap",
        title="What sources have in common",
        note="Things that linking found in both sources; within one source, those that stand there twice.",
        sql="""
WITH named (subject, owner, source) AS (
  SELECT 'ar', artist, source FROM artists UNION ALL SELECT 're', release, source FROM releases
  UNION ALL SELECT 'rc', recording, source FROM recordings)
SELECT min(l.name, r.name) || ' and ' || max(l.name, r.name) || ': '
    || CASE links.subject WHEN 'ar' THEN 'artists' WHEN 're' THEN 'releases' ELSE 'recordings' END AS pair,
  count(*) AS links
FROM links
JOIN named AS a ON (a.subject, a.owner) = (links.subject, left_owner) JOIN sources AS l ON l.source = a.source
JOIN named AS b ON (b.subject, b.owner) = (links.subject, right_owner) JOIN sources AS r ON r.source = b.source
WHERE accepted GROUP BY 1 ORDER BY 2 DESC, 1""",
        draw=lambda rows: bars(rows, "pair", "links", "links"),
    ),
)
