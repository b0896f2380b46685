-- Names by three letters at a time, from `linking_names` (a record may have several): the first name as 1,024 bits to
-- compare, and each name as eight hashes in which names that are alike agree, whatever slips of the pen there are and in
-- which field a word stands. Records that share such a hash are compared.
CREATE OR REPLACE TEMP TABLE linking_grams AS
SELECT n, name, bitstring_agg((h % 1024)::INTEGER, 0, 1023) AS grams, [
    hash(min(h), max(h), 0), hash(min(xor(h, s[1])), max(xor(h, s[1])), 1), hash(min(xor(h, s[2])), max(xor(h, s[2])), 2),
    hash(min(xor(h, s[3])), max(xor(h, s[3])), 3), hash(min(xor(h, s[4])), max(xor(h, s[4])), 4),
    hash(min(xor(h, s[5])), max(xor(h, s[5])), 5), hash(min(xor(h, s[6])), max(xor(h, s[6])), 6),
    hash(min(xor(h, s[7])), max(xor(h, s[7])), 7)
] AS bands
FROM (SELECT n, name, hash(unnest(tenuto_grams(words))) AS h FROM linking_names), (SELECT [hash(i) FOR i IN range(7)] AS s)
GROUP BY n, name;

INSERT INTO linking_keys SELECT n, 'letters', unnest(bands) FROM linking_grams;
