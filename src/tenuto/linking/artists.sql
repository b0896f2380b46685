-- What tells artists apart and what does not, one row for each artist, and the keys under which it is compared.
-- A name alone does not make an artist: what they are credited on counts as well.
CREATE OR REPLACE TEMP TABLE artist_names AS
SELECT DISTINCT a.source, a.id, tenuto_sorted(tenuto_words(tenuto_named(a.name, t.plain))) AS key, t.sounds
FROM (
    SELECT source, id, name FROM artists
    UNION SELECT source, id, name FROM aliases WHERE subject = 'artist'
) a JOIN linking_texts t ON t.text = a.name
WHERE t.plain <> '' AND key IS NOT NULL;

-- Titles, by their sounds where that tells enough: a title counts whatever script each source has it in. What many
-- artists have a title of (`intro`) tells nothing.
CREATE OR REPLACE TEMP TABLE artist_works AS
WITH credited AS (
    SELECT DISTINCT c.source, c.artist AS id,
        hash(CASE WHEN len(t.sounds) > 5 THEN t.sounds ELSE tenuto_sorted(tenuto_words(tenuto_neutral(t.plain))) END) AS work
    FROM credits c
    JOIN (
        SELECT source, 'release' AS subject, id, title FROM releases
        UNION ALL SELECT source, 'recording', id, title FROM recordings
        UNION ALL SELECT source, 'track', id, title FROM tracks
    ) w USING (source, subject, id)
    JOIN linking_texts t ON t.text = w.title
    WHERE c.artist IS NOT NULL AND len(t.plain) > 4
), telling AS (SELECT work FROM credited GROUP BY work HAVING count(*) <= 100)
SELECT source, id, list_sort(list(work))[:500] AS works FROM credited SEMI JOIN telling USING (work) GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE artist_named AS
SELECT
    row_number() OVER (ORDER BY a.source, a.id) AS n, a.source, a.id,
    list_filter(string_split(tenuto_natural(a.name, tenuto_named(a.name, t.plain)), ' '), lambda w: w NOT IN ('', 'the')) AS words,
    tenuto_sorted(tenuto_words(tenuto_named(a.name, t.plain))) AS name_key,
    count(*) OVER (PARTITION BY a.source, name_key) AS namesakes,
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
    SELECT source, id, list_sort(list(DISTINCT type || value)) AS codes FROM identifiers
    WHERE subject = 'artist' AND type IN ('isni', 'ipi') GROUP BY ALL
) i USING (source, id)
WHERE NOT regexp_matches(t.plain, '^(various artists|various|unknown|unknown artist|anonymous|traditional)$');

CREATE OR REPLACE TEMP TABLE linking_names AS
SELECT n, name, tenuto_words(key) AS words
FROM (SELECT n, unnest(keys) AS key, generate_subscripts(keys, 1) AS name FROM artist_named)
UNION ALL
SELECT n, 0, words FROM artist_named;

CREATE OR REPLACE TEMP TABLE linking_keys AS
SELECT n, 'name' AS rule, hash(unnest(keys)) AS key FROM artist_named
UNION ALL
SELECT n, 'sounds', hash(s) FROM (SELECT n, unnest(sounds) AS s FROM artist_named) WHERE len(s) >= 4
UNION ALL
SELECT n, 'name and country', hash(name_key, country) FROM artist_named WHERE country IS NOT NULL
UNION ALL
SELECT n, 'name and birth', hash(name_key, born) FROM artist_named WHERE born IS NOT NULL
UNION ALL
SELECT n, 'name and work', hash(name_key, unnest(works[:50])) FROM artist_named WHERE works IS NOT NULL
UNION ALL
SELECT n, 'last name and work', hash(words[-1], unnest(works[:50])) FROM artist_named WHERE works IS NOT NULL
UNION ALL
SELECT n, 'initials', hash(words[-1], left(words[1], 1), len(words)) FROM artist_named WHERE len(words) > 1
UNION ALL
SELECT n, 'code', hash(unnest(codes)) FROM artist_named;
