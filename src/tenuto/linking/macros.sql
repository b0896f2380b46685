-- What features and comparisons are written with.
CREATE OR REPLACE TEMP MACRO tenuto_words(plain) AS
    list_distinct(list_filter(string_split(plain, ' '), lambda w: w NOT IN ('', 'the', 'a', 'an', 'and')));
CREATE OR REPLACE TEMP MACRO tenuto_sorted(words) AS nullif(array_to_string(list_sort(words), ' '), '');
CREATE OR REPLACE TEMP MACRO tenuto_shared(one, other) AS len(list_intersect(one, other));
CREATE OR REPLACE TEMP MACRO tenuto_alike(one, other) AS  -- Dice's coefficient of two lists
    2.0 * len(list_intersect(one, other)) / greatest(len(one) + len(other), 1);
CREATE OR REPLACE TEMP MACRO tenuto_near(one, other) AS jaro_winkler_similarity(one, other);
CREATE OR REPLACE TEMP MACRO tenuto_inside(one, other) AS  -- all words of the one with fewer
    len(list_intersect(one, other)) >= greatest(least(len(one), len(other)), 1);
CREATE OR REPLACE TEMP MACRO tenuto_year(date) AS try_cast(regexp_extract(date, '^[0-9]{4}') AS INTEGER);
-- Titles of tracks whose words tell nothing: `Track 01`, `Piste 3`, `Unknown`.
CREATE OR REPLACE TEMP MACRO tenuto_telling(plain) AS list_distinct(list_filter(
    string_split(plain, ' '),
    lambda w: len(w) > 1 AND NOT regexp_full_match(
        w, '(track|titre|pista|piste|pisteaudio|audio|audiotrack|unknown|untitled|titel|spur|skladba|traccia|faixa)?[0-9]*'
    )
));
CREATE OR REPLACE TEMP MACRO tenuto_numbers(plain) AS list_sort(list_distinct(list_transform(
    regexp_extract_all(plain, '[0-9]+'), lambda w: ltrim(w, '0')
)));
CREATE OR REPLACE TEMP MACRO tenuto_neutral(plain) AS trim(regexp_replace(regexp_replace(
    plain, ' (feat|ft|featuring) .*$', ''
), '\b(original (mix|version)|(album|lp|studio) version|(digital )?([0-9]{4} )?(digital )?remaster(ed)?( version)?( [0-9]{4})?)\b', '', 'g'));
-- Words in brackets that say something of the recording itself.
CREATE OR REPLACE TEMP MACRO tenuto_asides(title) AS list_distinct(list_filter(
    string_split_regex(lower(array_to_string(regexp_extract_all(title, '[(\[][^)\]]*[)\]]'), ' ')), '[^\p{L}]+'),
    lambda w: len(w) > 1 AND w NOT IN (
        'the', 'and', 'of', 'feat', 'ft', 'featuring', 'remaster', 'remastered', 'digital', 'original', 'album', 'lp', 'mix',
        'version', 'mono', 'stereo', 'bonus', 'track', 'explicit'
    )
));
CREATE OR REPLACE TEMP MACRO tenuto_marks(plain) AS concat_ws(' ',
    CASE WHEN regexp_matches(plain, '\b(live|unplugged|in concert|en vivo|ao vivo|en direct|dal vivo|koncert|zhivoy)\b') THEN 'live' END,
    CASE WHEN regexp_matches(plain, '\b(remix|rmx|remixed|mix|dub|mashup|rework|vip)\b') THEN 'remix' END,
    CASE WHEN regexp_matches(plain, '\b(edit|radio version|single version|short version|extended|club version)\b') THEN 'edit' END,
    CASE WHEN regexp_matches(plain, '\b(acoustic|akustik|acustico|piano version|orchestral)\b') THEN 'acoustic' END,
    CASE WHEN regexp_matches(plain, '\b(demo|outtake|rehearsal|alternate|alternative version|take [0-9]+|session|sessions)\b') THEN 'demo' END,
    CASE WHEN regexp_matches(plain, '\b(instrumental|karaoke|a ?cappella|backing track|minus one)\b') THEN 'voiceless' END,
    CASE WHEN regexp_matches(plain, '\b(cover|tribute|in the style of|originally performed by)\b') THEN 'cover' END,
    CASE WHEN regexp_matches(plain, '\b(clean|censored|edited)\b') THEN 'clean' END,
    CASE WHEN regexp_matches(plain, '\breprise\b') THEN 'reprise' END
);
-- The extremes of a list of hashes under a seed: alike lists agree in both about as often as the square of their likeness.
CREATE OR REPLACE TEMP MACRO tenuto_band(hashes, seed) AS hash(
    list_min(list_transform(hashes, lambda h: xor(h, seed))), list_max(list_transform(hashes, lambda h: xor(h, seed)))
);
-- Dice's coefficient of two sets of words, each word a bit.
CREATE OR REPLACE TEMP MACRO tenuto_bits_alike(one, other) AS
    2.0 * bit_count(one & other) / greatest(bit_count(one) + bit_count(other), 1);
