"""When it came out, and how long it lasts."""

from tenuto.reports.chart import Chart, columns

__all__ = ["CHARTS"]

CHARTS = (
    Chart(
        name="years",
        title="Tracks by year of release",
        note="Tracks on releases whose year is known.",
        sql="""
SELECT substr(date, 1, 4) AS year, count(*) AS tracks
FROM tracks JOIN releases USING (release) WHERE date IS NOT NULL GROUP BY 1 ORDER BY 1""",
        draw=lambda rows: columns(rows, "year", "tracks", ("year", "tracks")),
        shown=300,
    ),
    Chart(
        name="albums",
        title="Release groups by year",
        note="The year of a group's first release.",
        sql="""
SELECT substr(first_release_date, 1, 4) AS year, count(*) AS groups
FROM release_groups WHERE first_release_date IS NOT NULL GROUP BY 1 ORDER BY 1""",
        draw=lambda rows: columns(rows, "year", "groups", ("year", "release groups")),
        shown=300,
    ),
    Chart(
        name="durations",
        title="How long recordings last",
        note="Steps of 15 seconds; the last holds all of 15 minutes and more.",
        sql="""
SELECT printf('%d:%02d', step / 4, step % 4 * 15) AS length, count(*) AS recordings
FROM (SELECT min(coalesce(duration_ms, length_ms) / 15000, 60) AS step FROM recordings LEFT JOIN files USING (file)
  WHERE coalesce(duration_ms, length_ms) IS NOT NULL)
GROUP BY step ORDER BY step""",
        draw=lambda rows: columns(rows, "length", "recordings", ("minutes", "recordings")),
    ),
    Chart(
        name="sizes",
        title="Tracks per release",
        note="The last column holds releases of 40 tracks and more.",
        sql="""
SELECT size AS tracks, count(*) AS releases
FROM (SELECT min(count(*), 40) AS size FROM tracks WHERE release IS NOT NULL GROUP BY release)
GROUP BY 1 ORDER BY 1""",
        draw=lambda rows: columns(rows, "tracks", "releases", ("tracks", "releases")),
    ),
)
