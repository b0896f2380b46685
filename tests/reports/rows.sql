-- One row at least for every chart.
INSERT INTO meta VALUES ('archive', 'Sämpler <b>');
INSERT INTO sources VALUES (1, 'one', 'h', 's', 'a', 'CC0-1.0', 'l', 'e', ''), (2, 'two', 'h', 's', 'a', 'CC0-1.0', 'l', 'e', '');
INSERT INTO reasons VALUES (1, 'audio-absent', 'None.');
INSERT INTO verdicts VALUES (1, 'metadata-only', 1), (2, 'open', 1);
INSERT INTO licences VALUES (1, 'CC-BY-4.0', 'n', 'u', 'CC-BY', '4.0', NULL, 'open', 1, 1, 1, 0);
INSERT INTO verdict_licences VALUES (2, 0, 1);
INSERT INTO artists (artist, id, source, name) VALUES (1, 'ar-1', 1, '</script><script>alert(1)</script>'), (2, 'ar-2', 2, 'Ω');
INSERT INTO artist_credits VALUES (1, '</script><script>alert(1)</script>');
INSERT INTO credit_names VALUES (1, 0, 1, NULL, '');
INSERT INTO links VALUES ('ar', 1, 2, 0.99, 'name', 1);
INSERT INTO releases (release, id, source, title, date, barcode) VALUES (1, 're-1', 1, 'R', '1999-02', '123');
INSERT INTO release_groups (release_group, id, source, title, first_release_date) VALUES (1, 'rg-1', 1, 'R', '1999');
INSERT INTO files (file, sha256, size, container, codec, duration_ms, sample_rate, channels, held)
  VALUES (1, zeroblob(32), 9, 'ogg', 'vorbis', 61000, 44100, 2, 1);
INSERT INTO recordings (recording, id, source, title, credit, length_ms, listens, file)
  VALUES (1, 'rc-1', 1, '{{7*7}}', 1, 200000, 1234, 1), (2, 'rc-2', 1, 'B', 1, 9000000, 12, NULL), (3, 'rc-3', 1, 'C', 1, NULL, NULL, NULL);
INSERT INTO tracks (track, source, release, medium, position, recording, verdict, absence)
  VALUES (1, 1, 1, 0, 0, 1, 2, NULL), (2, 1, 1, 0, 1, 2, 1, 1), (3, 2, NULL, NULL, NULL, 3, 1, 1);
INSERT INTO identifiers VALUES ('rc', 1, 'isrc', 0, 'DE-A65-00-12345', NULL), ('rc', 2, 'isrc', 0, 'DE-A65-00-12345', NULL);
INSERT INTO genres VALUES (1, 'Rock', 'genre'), (2, 'Krautrock', 'style');
INSERT INTO genre_uses VALUES ('re', 1, 0, 1), ('re', 1, 1, 2), ('rc', 3, 0, 1);
