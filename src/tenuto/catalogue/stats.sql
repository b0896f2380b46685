-- Figures that reports draw: tracks, distinct files and their bytes for each case of each topic.
CREATE TEMP VIEW counted AS
SELECT 'total' AS topic, 'all' AS label, track, file FROM tracks
UNION ALL SELECT 'total', 'held', track, file FROM tracks JOIN files USING (file) WHERE held
UNION ALL SELECT 'total', 'shareable', track, file FROM tracks WHERE track NOT IN (SELECT track FROM ledger)
UNION ALL SELECT 'decision', decision, track, file FROM tracks JOIN verdicts USING (track)
UNION ALL SELECT 'reason', code, track, file FROM tracks JOIN ledger USING (track) JOIN reasons USING (reason)
UNION ALL SELECT 'licence', licences.id, track, file
  FROM tracks JOIN verdict_licences USING (track) JOIN licences USING (licence)
UNION ALL SELECT 'source', sources.name, track, file FROM tracks JOIN sources USING (source)
UNION ALL SELECT 'container', container, track, file FROM tracks JOIN files USING (file);

INSERT INTO stats (topic, label, tracks, files, bytes)
SELECT topic, label, count(*), count(file), coalesce(sum(size), 0)
FROM (
  SELECT topic, label, track, iif(row_number() OVER (PARTITION BY topic, label, file ORDER BY track) = 1, file, NULL) AS file
  FROM counted
) LEFT JOIN files USING (file)
GROUP BY topic, label
ORDER BY topic, label;

DROP VIEW counted;
