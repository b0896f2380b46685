"""What may be done with it."""

from tenuto.reports.chart import Chart, bars

__all__ = ["CHARTS"]

CHARTS = (
    Chart(
        name="verdicts",
        title="Tracks by verdict",
        note="Only open tracks are ever shared; what has no evidence is catalogued and no more.",
        sql="""
SELECT decision, count(*) AS tracks FROM tracks JOIN verdicts USING (verdict) GROUP BY 1 ORDER BY 2 DESC, 1""",
        draw=lambda rows: bars(rows, "decision", "tracks", "tracks"),
    ),
    Chart(
        name="licences",
        title="Open tracks by licence",
        note="A track under two licences counts for both.",
        sql="""
SELECT licences.id AS licence, count(*) AS tracks
FROM tracks JOIN verdicts USING (verdict) JOIN verdict_licences USING (verdict) JOIN licences USING (licence)
WHERE decision = 'open' GROUP BY 1 ORDER BY 2 DESC, 1""",
        draw=lambda rows: bars(rows, "licence", "tracks", "tracks"),
    ),
    Chart(
        name="absences",
        title="Why audio cannot be had",
        note="Every track whose audio is absent, refused or not open has one reason.",
        sql="""
SELECT code AS reason, count(*) AS tracks FROM tracks JOIN reasons ON reason = absence
GROUP BY 1 ORDER BY 2 DESC, 1""",
        draw=lambda rows: bars(rows, "reason", "tracks", "tracks"),
    ),
    Chart(
        name="containers",
        title="Audio files by format",
        note="Files whose bytes were read, held or not.",
        sql="SELECT container, count(*) AS files FROM files GROUP BY 1 ORDER BY 2 DESC, 1",
        draw=lambda rows: bars(rows, "container", "files", "files"),
    ),
)
