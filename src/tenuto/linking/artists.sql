-- What tells artists apart and what does not, one row for each artist, and the keys under which it is compared.
-- A name alone does not make an artist: what they are credited on counts as well.
CREATE OR REPLACE TEMP TABLE artist_names AS
SELECT DISTINCT a.source, a.id, tenuto_sorted(tenuto_words(t.plain)) AS key, t.sounds, t.latin
FROM (
    SELECT source, id, name FROM artists
    UNION SELECT source, id, name FROM aliases WHERE subject = 'artist'
) a JOIN linking_texts t ON t.text = a.name
WHERE t.plain <> '';

CREATE OR REPLACE TEMP TABLE artist_works AS
SELECT c.source, c.artist AS id, list_sort(list_distinct(list(hash(tenuto_sorted(tenuto_words(t.plain))))))[:500] AS works
FROM credits c
JOIN (
    SELECT source, 'release' AS subject, id, title FROM releases
    UNION ALL SELECT source, 'recording', id, title FROM recordings
    UNION ALL SELECT source, 'track', id, title FROM tracks
) w USING (source, subject, id)
JOIN linking_texts t ON t.text = w.title
WHERE c.artist IS NOT NULL AND len(t.plain) > 4
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE artist_linking AS
SELECT
    row_number() OVER (ORDER BY a.source, a.id) AS n, a.source, a.id,
    tenuto_sorted(tenuto_words(t.plain)) AS name_key,
    x.keys, x.sounds, t.latin,
    w.works,
    lower(CASE WHEN a.type IN ('Person', 'Group') THEN a.type END) AS type,
    a.country, a."begin" AS born,
    i.codes
FROM artists a
JOIN linking_texts t ON t.text = a.name
LEFT JOIN (
    SELECT source, id, list_sort(list(DISTINCT key)) AS keys, list_sort(list(DISTINCT sounds)) AS sounds
    FROM artist_names GROUP BY ALL
) x USING (source, id)
LEFT JOIN artist_works w USING (source, id)
LEFT JOIN (
    SELECT source, id, list(DISTINCT type || value) AS codes FROM identifiers
    WHERE subject = 'artist' AND type IN ('isni', 'ipi') GROUP BY ALL
) i USING (source, id)
WHERE NOT regexp_matches(t.plain, '^(various artists|various|unknown|unknown artist|anonymous|traditional)$');

CREATE OR REPLACE TEMP TABLE linking_keys AS
SELECT n, 'name' AS rule, hash(unnest(keys)) AS key FROM artist_linking
UNION ALL
SELECT n, 'sounds', hash(s) FROM (SELECT n, unnest(sounds) AS s FROM artist_linking) WHERE len(s) >= 4
UNION ALL
SELECT n, 'name and country', hash(name_key, country) FROM artist_linking WHERE country IS NOT NULL
UNION ALL
SELECT n, 'name and work', hash(name_key, unnest(works[:50])) FROM artist_linking WHERE works IS NOT NULL
UNION ALL
SELECT n, 'code', hash(unnest(codes)) FROM artist_linking;
