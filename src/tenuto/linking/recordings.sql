-- What tells recordings apart and what does not, one row for each recording, and the keys under which it is compared.
-- A track of a source without recordings is a recording of its own.
CREATE OR REPLACE TEMP TABLE recording_places AS
SELECT
    k.source, k.recording AS id,
    min(k.title) AS title, median(k.length_ms) AS length_ms,
    list_sort(list_distinct(list(tenuto_album(t.plain)))) AS albums,
    list_distinct(list(concat_ws(' ', tenuto_album(t.plain), k.medium, k.position))) AS spots,
    bool_and(tenuto_marks(concat_ws(' ', t.plain, d.plain)) LIKE 'live%') AS live,
    min_by(k.id, (k.release, k.id)) AS track, min(k.release) AS release
FROM tracks k
JOIN releases r ON r.source = k.source AND r.id = k.release
JOIN linking_texts t ON t.text = r.title
LEFT JOIN linking_texts d ON d.text = r.disambiguation
WHERE k.kind NOT IN ('heading', 'index', 'data')
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE recording_all AS
SELECT source, id, title, length_ms, disambiguation FROM recordings
UNION ALL
SELECT source, id, title, length_ms, NULL FROM recording_places p
WHERE NOT EXISTS (FROM recordings r WHERE r.source = p.source AND r.id = p.id);

-- Who is credited: on the recording, else on its first track, else on that track's release.
CREATE OR REPLACE TEMP TABLE recording_credits AS
WITH credited AS (
    SELECT
        c.source, c.subject, c.id,
        string_agg(t.plain, ' ' ORDER BY c.position) AS plain,
        string_agg(t.sounds, '' ORDER BY c.position) AS sounds,
        min_by(t.plain, c.position) AS leader, bool_and(t.latin) AS latin
    FROM credits c JOIN linking_texts t ON t.text = c.name
    WHERE c.subject IN ('recording', 'track', 'release')
    GROUP BY ALL
)
SELECT DISTINCT ON (r.source, r.id) r.source, r.id, c.* EXCLUDE (source, subject, id)
FROM recording_all r
LEFT JOIN recording_places p USING (source, id)
JOIN credited c ON c.source = r.source
    AND ((c.subject, c.id) = ('recording', r.id) OR (c.subject, c.id) = ('track', p.track)
         OR (c.subject, c.id) = ('release', p.release))
ORDER BY r.source, r.id, c.subject = 'recording' DESC, c.subject = 'track' DESC;

CREATE OR REPLACE TEMP TABLE recording_named AS
SELECT
    row_number() OVER (ORDER BY r.source, r.id) AS n, r.source, r.id,
    t.latin AS title_latin, t.sounds AS title_sounds, a.latin AS artist_latin, a.sounds AS artist_sounds,
    tenuto_neutral(CASE WHEN regexp_matches(r.title, '^[0-9]{1,3} *[-–.] *[^0-9 ]')
                        THEN regexp_replace(t.plain, '^[0-9]+ ', '') ELSE t.plain END) AS core,
    tenuto_words(core) AS title_words, tenuto_sorted(title_words) AS title_key,
    tenuto_marks(concat_ws(' ', core, d.plain, CASE WHEN p.live THEN 'live' END)) AS marks,
    tenuto_numbers(core) AS numbers, tenuto_stem(core) AS stem,
    tenuto_asides(r.title) AS asides, coalesce(tenuto_sorted(asides), '') AS aside,
    CASE WHEN NOT regexp_matches(a.plain, '^(various|varios|verschiedene|va$|v a$|unknown|divers|artisti vari|vvaa)')
         THEN tenuto_words(regexp_replace(a.plain, '\b(feat|ft|featuring)\b', '', 'g')) END AS artist_words,
    tenuto_sorted(artist_words) AS artist_key, a.plain AS artist_plain,
    CASE WHEN artist_words IS NOT NULL
         THEN tenuto_words(regexp_replace(a.leader, ' (feat|ft|featuring) .*$', '')) END AS leader_words,
    tenuto_sorted(leader_words) AS leader,
    list_distinct(list_concat(title_words, coalesce(artist_words, []))) AS names,
    CASE WHEN r.length_ms > 0 THEN r.length_ms / 1000.0 END AS seconds,
    p.albums, p.spots,
    i.isrcs
FROM recording_all r
JOIN linking_texts t ON t.text = r.title
LEFT JOIN linking_texts d ON d.text = r.disambiguation
LEFT JOIN recording_credits a USING (source, id)
LEFT JOIN recording_places p USING (source, id)
LEFT JOIN (
    SELECT source, id, list(DISTINCT value) AS isrcs FROM identifiers
    WHERE subject = 'recording' AND type = 'isrc' GROUP BY ALL
) i USING (source, id);

CREATE OR REPLACE TEMP TABLE linking_names AS SELECT n, 0 AS name, names AS words FROM recording_named;

CREATE OR REPLACE TEMP TABLE linking_keys AS
WITH leaders AS (
    SELECT *, round(seconds / 4)::BIGINT AS near, floor(seconds / 4)::BIGINT AS below
    FROM recording_named
)
SELECT n, 'title and artist' AS rule, hash(title_key, leader) AS key FROM leaders WHERE leader IS NOT NULL
UNION ALL
SELECT n, 'sounds of both', hash(title_sounds, artist_sounds) FROM leaders WHERE artist_sounds IS NOT NULL
UNION ALL
SELECT n, 'title, artist and length', hash(title_key, leader, unnest([near, -below - 1])) FROM leaders WHERE near IS NOT NULL
UNION ALL
SELECT n, 'title and length', hash(title_key, unnest([near, -below - 1])) FROM leaders WHERE near IS NOT NULL
UNION ALL
SELECT n, 'artist and length', hash(leader, unnest([near, -below - 1]), unnest(title_words[:3])) FROM leaders
WHERE near IS NOT NULL AND leader IS NOT NULL
UNION ALL
SELECT n, 'names', hash(tenuto_sorted(names)) FROM leaders
UNION ALL
SELECT n, 'title and release', hash(title_key, unnest(albums)) FROM leaders
UNION ALL
SELECT n, 'place on a release', hash(unnest(spots), seconds // 10) FROM leaders
UNION ALL
SELECT n, 'isrc', hash(unnest(isrcs)) FROM leaders;
