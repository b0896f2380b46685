-- What features and comparisons are written with.
CREATE OR REPLACE TEMP MACRO tenuto_words(plain) AS
    list_distinct(list_filter(string_split(plain, ' '), lambda w: w NOT IN ('', 'the', 'a', 'an', 'and')));
CREATE OR REPLACE TEMP MACRO tenuto_sorted(words) AS nullif(array_to_string(list_sort(words), ' '), '');
CREATE OR REPLACE TEMP MACRO tenuto_shared(one, other) AS len(list_intersect(one, other));
CREATE OR REPLACE TEMP MACRO tenuto_alike(one, other) AS  -- Dice's coefficient of two lists
    2.0 * len(list_intersect(one, other)) / greatest(len(one) + len(other), 1);
-- A name without the number that tells it from its namesakes: `Prince (2)`.
CREATE OR REPLACE TEMP MACRO tenuto_named(name, plain) AS
    CASE WHEN regexp_matches(name, '\([0-9]{1,3}\)\s*$') THEN regexp_replace(plain, ' [0-9]+$', '') ELSE plain END;
-- `Bach, Johann Sebastian` as it is said.
CREATE OR REPLACE TEMP MACRO tenuto_natural(name, plain) AS CASE
    WHEN regexp_matches(name, '^[^,]+, [^,]+$')
    THEN regexp_replace(plain, concat('^((\S+ ?){', len(string_split_regex(trim(split_part(name, ',', 1)), '\s+')), '}) ?(.*)$'), '\3 \1')
    ELSE plain END;
CREATE OR REPLACE TEMP MACRO tenuto_initials(one, other) AS  -- `J. S. Bach` and `Johann Sebastian Bach`: words in their order
    len(one) > 1 AND len(other) > 1 AND one[-1] = other[-1] AND left(one[1], 1) = left(other[1], 1)
    AND (len(one[1]) = 1 OR len(other[1]) = 1);
CREATE OR REPLACE TEMP MACRO tenuto_near(one, other) AS jaro_winkler_similarity(one, other);
CREATE OR REPLACE TEMP MACRO tenuto_slip(one, other) AS  -- slips of the pen: one in a short name, more in a long one
    least(len(one), len(other)) >= 4 AND levenshtein(one, other) <= least(1 + least(len(one), len(other)) // 8, 4)
    AND regexp_extract_all(one, '[0-9]+') = regexp_extract_all(other, '[0-9]+');  -- other figures are another number
CREATE OR REPLACE TEMP MACRO tenuto_cut(one, other) AS  -- fields of thirty characters and more, where names are cut off
    least(len(one), len(other)) >= 20 AND (starts_with(one, other) OR starts_with(other, one));
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
-- Numbers in a title, in figures, in Roman ones from II on, and in words after `part`, `no`, `vol`.
CREATE OR REPLACE TEMP MACRO tenuto_roman(word) AS coalesce(
    nullif(list_position(['', 'ii', 'iii', 'iv', '', 'vi', 'vii', 'viii', 'ix', '', 'xi', 'xii', 'xiii', 'xiv', 'xv'], nullif(word, ''))::VARCHAR, '0'), word
);
CREATE OR REPLACE TEMP MACRO tenuto_counted(word) AS coalesce(
    nullif(list_position(['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'], word)::VARCHAR, '0'),
    nullif(list_position(['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'], word)::VARCHAR, '0'), word
);
CREATE OR REPLACE TEMP MACRO tenuto_numbers(plain) AS list_sort(list_distinct(list_transform(list_filter(list_concat(
    regexp_extract_all(plain, '[0-9]+'),
    list_transform(string_split(plain, ' '), lambda w: tenuto_roman(w)),
    list_transform(
        regexp_extract_all(plain, '\b(part|pt|no|nr|vol|volume|act|chapter|book|side|take|teil|partie|parte) ([a-z]+)', 2),
        lambda w: tenuto_counted(w)
    )
), lambda w: regexp_full_match(w, '[0-9]+')), lambda w: ltrim(w, '0'))));
-- A title without the number that counts it among others of its name: `Part 2`, `II`.
CREATE OR REPLACE TEMP MACRO tenuto_stem(plain) AS regexp_replace(plain,
    '( (part|pt|no|nr|vol|volume|act|chapter|book|side|teil|partie|parte) [a-z]+| (part|pt|no|nr|vol|volume|act|chapter|book|side|teil|partie|parte) [0-9]{1,3}| ([0-9]{1,3}|ii|iii|iv|vi|vii|viii|ix))( (live|demo|remix|mix|edit))?$', '');
-- A title without guests and without what every release of the same recording may add.
CREATE OR REPLACE TEMP MACRO tenuto_neutral(plain) AS trim(regexp_replace(regexp_replace(
    plain, ' (feat|ft|featuring) .*$', ''
), '\b(original (mix|version|recording)|(album|lp|standard|main) version|(explicit|bonus)( (version|track))?|studio version|((digital|[0-9]{4}) )*(digital )?remaster(ed)?( (version|edition))?( [0-9]{4})?)\b', '', 'g'));
-- A release's title without its disc, year and kind of edition.
CREATE OR REPLACE TEMP MACRO tenuto_album(plain) AS tenuto_sorted(tenuto_words(trim(regexp_replace(
    plain, '\b((disc|cd|disk|disque|lp) ?[0-9]{1,2}|(19|20)[0-9]{2}|(super )?(deluxe|expanded|limited|special|anniversary|collectors?|remaster(ed)?)( (edition|version))?|ep|lp|single)\b', '', 'g'
))));
CREATE OR REPLACE TEMP MACRO tenuto_grams(words) AS list_distinct(flatten(list_transform(  -- three letters at a time
    words, lambda w: list_transform(range(1, len(w) + 1), lambda i: substr(concat(' ', w, ' '), i, 3))
)));
-- Words in brackets that say something of the recording itself.
CREATE OR REPLACE TEMP MACRO tenuto_asides(title) AS list_distinct(list_filter(
    string_split_regex(regexp_replace(
        lower(array_to_string(regexp_extract_all(title, '[(\[][^)\]]*[)\]]'), ' ')), '[(\[](feat|ft|featuring)\b[^)\]]*', '', 'g'
    ), '[^\p{L}]+'),
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
