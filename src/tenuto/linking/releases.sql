-- What tells releases apart and what does not, one row for each release, and the keys under which it is compared.
CREATE OR REPLACE TEMP TABLE release_artists AS
SELECT
    c.source, c.id,
    string_agg(t.plain, ' ' ORDER BY c.position) AS plain,
    string_agg(t.sounds, '' ORDER BY c.position) AS sounds, bool_and(t.latin) AS latin
FROM credits c JOIN linking_texts t ON t.text = c.name
WHERE c.subject = 'release'
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE release_tracks AS
SELECT
    k.source, k.release AS id, count(*) AS tracks,
    tenuto_telling(string_agg(t.plain, ' ' ORDER BY k.medium, k.position)) AS words,
    CASE WHEN count(k.length_ms) = count(*) THEN sum(k.length_ms) // 1000 END AS seconds
FROM tracks k JOIN linking_texts t ON t.text = k.title
WHERE k.kind NOT IN ('heading', 'index', 'data')
GROUP BY ALL;

-- The words of a track list that tell something: not those that one release in a hundred has. Once as a list, once as
-- 2,048 bits, which are compared fast.
CREATE OR REPLACE TEMP TABLE release_words AS
WITH words AS (SELECT source, id, unnest(words) AS word FROM release_tracks),
common AS (
    SELECT word FROM words GROUP BY word HAVING count(*) > greatest(20, 0.01 * (SELECT count(*) FROM release_tracks))
)
SELECT source, id, list(hash(word)) AS words, bitstring_agg((hash(word) % 2048)::INTEGER, 0, 2047) AS bits
FROM words ANTI JOIN common USING (word)
GROUP BY ALL HAVING count(*) > 2;

CREATE OR REPLACE TEMP TABLE release_named AS
SELECT
    row_number() OVER (ORDER BY r.source, r.id) AS n, r.source, r.id,
    t.latin AS title_latin, t.sounds AS title_sounds, a.latin AS artist_latin, a.sounds AS artist_sounds,
    tenuto_words(t.plain) AS title_words,
    tenuto_sorted(tenuto_words(t.plain)) AS title_key,
    tenuto_numbers(t.plain) AS numbers,
    tenuto_marks(concat_ws(' ', t.plain, d.plain)) AS marks,
    CASE WHEN NOT regexp_matches(a.plain, '^(various|varios|verschiedene|va$|v a$|unknown|divers|artisti vari|vvaa)')
         THEN tenuto_words(a.plain) END AS artist_words,
    tenuto_sorted(artist_words) AS artist_key,
    list_distinct(list_concat(title_words, tenuto_words(coalesce(a.plain, '')))) AS names,
    b.words AS track_words, b.bits AS track_bits,
    CASE WHEN k.tracks > 1 THEN k.tracks END AS tracks,
    k.seconds,
    CASE WHEN len(r.date) = 10 THEN r.date END AS day,
    tenuto_year(r.date) AS year,
    nullif(ltrim(regexp_replace(r.barcode, '[^0-9]', '', 'g'), '0'), '') AS barcode,
    CASE WHEN r.country NOT IN ('XE', 'XW', 'XU') THEN r.country END AS country
FROM releases r
JOIN linking_texts t ON t.text = r.title
LEFT JOIN linking_texts d ON d.text = r.disambiguation
LEFT JOIN release_artists a USING (source, id)
LEFT JOIN release_tracks k USING (source, id)
LEFT JOIN release_words b USING (source, id);

CREATE OR REPLACE TEMP TABLE linking_names AS SELECT n, 0 AS name, names AS words FROM release_named;

CREATE OR REPLACE TEMP TABLE linking_keys AS
SELECT n, 'title and artist' AS rule, hash(title_sounds, artist_sounds) AS key
FROM release_named WHERE title_key IS NOT NULL AND artist_key IS NOT NULL
UNION ALL
SELECT n, 'names', hash(tenuto_sorted(names)) FROM release_named
UNION ALL
SELECT n, 'title', hash(title_key, year) FROM release_named WHERE len(title_key) > 5
UNION ALL
SELECT n, 'artist', hash(artist_key, tracks, year) FROM release_named WHERE tracks IS NOT NULL AND artist_key IS NOT NULL
UNION ALL
SELECT n, 'barcode', hash(barcode) FROM release_named WHERE barcode IS NOT NULL
UNION ALL
SELECT n, 'tracks', unnest([tenuto_band(track_words, hash(s)) FOR s IN range(8)])
FROM release_named WHERE track_words IS NOT NULL;
