"""How well things are identified."""

from tenuto.reports.chart import Chart, columns

__all__ = ["CHARTS"]

CHARTS = (
    Chart(
        name="isrcs-per-recording",
        title="ISRCs per recording",
        note="The last column holds recordings of five ISRCs and more.",
        sql="""
SELECT coalesce(isrcs, 0) AS isrcs, count(*) AS recordings
FROM recordings LEFT JOIN (
  SELECT owner AS recording, min(count(*), 5) AS isrcs FROM identifiers
  WHERE subject = 'rc' AND type = 'isrc' GROUP BY owner) USING (recording)
GROUP BY 1 ORDER BY 1""",
        draw=lambda rows: columns(rows, "isrcs", "recordings", ("ISRCs", "recordings"), log=True),
    ),
    Chart(
        name="recordings-per-isrc",
        title="Recordings per ISRC",
        note="An ISRC should name one recording; the last column holds those that stand on ten and more.",
        sql="""
SELECT shared AS recordings, count(*) AS isrcs
FROM (SELECT min(count(*), 10) AS shared FROM identifiers WHERE subject = 'rc' AND type = 'isrc' GROUP BY value)
GROUP BY 1 ORDER BY 1""",
        draw=lambda rows: columns(rows, "recordings", "isrcs", ("recordings", "ISRCs"), log=True),
    ),
    Chart(
        name="releases-per-barcode",
        title="Releases per barcode",
        note="The last column holds barcodes of ten releases and more.",
        sql="""
SELECT shared AS releases, count(*) AS barcodes
FROM (SELECT min(count(*), 10) AS shared FROM releases WHERE barcode > '' GROUP BY barcode) GROUP BY 1 ORDER BY 1""",
        draw=lambda rows: columns(rows, "releases", "barcodes", ("releases", "barcodes"), log=True),
    ),
)
