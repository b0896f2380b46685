"""What is listened to, by open counts."""

from tenuto.reports.chart import Chart, bars, columns, line, numbers

__all__ = ["CHARTS"]

_STEPS = """
SELECT CASE WHEN listens < 1 THEN '0' ELSE '10^' || (length(listens) - 1) END AS listens, count(*) AS recordings
FROM recordings WHERE listens IS NOT NULL
GROUP BY CASE WHEN listens < 1 THEN -1 ELSE length(listens) END
ORDER BY CASE WHEN listens < 1 THEN -1 ELSE length(listens) END"""

CHARTS = (
    Chart(
        name="popularity",
        title="Recordings by listens",
        note="Each column holds ten times the listens of the one before: from 1, from 10, from 100 …",
        sql=_STEPS,
        draw=lambda rows: columns(rows, "listens", "recordings", ("listens, from", "recordings")),
    ),
    Chart(
        name="popularity-log",
        title="Recordings by listens, logarithmic",
        note="The same on a logarithmic axis.",
        sql=_STEPS,
        draw=lambda rows: columns(rows, "listens", "recordings", ("listens, from", "recordings"), log=True),
    ),
    Chart(
        name="coverage",
        title="How much of all listening the most popular recordings cover",
        note="Of the recordings that have listens, the most popular first.",
        sql="""
WITH counted AS (
  SELECT row_number() OVER (ORDER BY recording) AS place, sum(listens) OVER (ORDER BY recording) AS heard
  FROM recordings WHERE listens > 0),
whole AS (SELECT count(*) AS recordings, max(heard) AS listens FROM counted)
SELECT place AS recordings, round(100.0 * heard / whole.listens, 2) AS percent FROM counted, whole
WHERE place IN (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000,
  1000000, 2000000, 5000000, 10000000, 20000000, 50000000, 100000000, 200000000) OR place = whole.recordings
ORDER BY place""",
        draw=lambda rows: line(rows, "recordings", "percent", ("most popular recordings", "percent of listens")),
    ),
    Chart(
        name="artists",
        title="Artists by listens",
        note="The listens of recordings that credit them; a recording of two artists counts for both.",
        sql="""
SELECT artists.name AS artist, sum(listens) AS listens
FROM recordings JOIN credit_names USING (credit) JOIN artists USING (artist)
WHERE listens > 0 GROUP BY artist ORDER BY 2 DESC, 1 LIMIT 30""",
        draw=lambda rows: bars(rows, "artist", "listens", "listens"),
    ),
    Chart(
        name="top-tracks",
        title="Most listened to",
        note="The hundred recordings with the most listens.",
        sql="""
SELECT recordings.title AS title, coalesce(name, '') AS artist, listens, recordings.id AS id
FROM recordings LEFT JOIN artist_credits USING (credit) WHERE listens > 0 ORDER BY recording LIMIT 100""",
        draw=numbers,
    ),
)
