-- The catalogue: compact integer keys inside; public ids (ar-, re-, rc-, tr-) outside, the same in every build.
-- A table's comment stands above it and a column's beside it: docs.py reads both into _docs and docs/tables.md.

-- What this file is.
CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY, -- `archive`: the archive's name; `format`: the version of this schema
  value TEXT NOT NULL -- its value
) STRICT, WITHOUT ROWID;

-- Catalogues that were collected, and on what terms.
CREATE TABLE sources (
  source INTEGER PRIMARY KEY, -- key inside this file
  name TEXT NOT NULL, -- name on the command line
  home TEXT NOT NULL, -- home page
  summary TEXT NOT NULL, -- why collecting is allowed
  audio TEXT NOT NULL, -- when audio may be kept
  metadata_licence TEXT NOT NULL, -- licence of the metadata itself
  limits TEXT NOT NULL, -- pace, size and kinds
  evidence TEXT NOT NULL, -- which statements count as licence evidence, a line each
  url TEXT NOT NULL -- where the terms stand; may be empty
) STRICT;

-- What was seen, when and where; everything else is derived from captures.
CREATE TABLE captures (
  capture INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- place of the capture file under captures/
  source INTEGER NOT NULL REFERENCES sources, -- source it is of
  collection TEXT NOT NULL, -- tree or package that was captured
  origin TEXT NOT NULL, -- where the collection was: a directory, `package=version`
  captured_at TEXT NOT NULL -- when, ISO 8601 in UTC
) STRICT;

-- What a source says of a collection.
CREATE TABLE capture_facts (
  capture INTEGER NOT NULL REFERENCES captures, -- capture it belongs to
  position INTEGER NOT NULL, -- place in the list, from 0
  name TEXT NOT NULL, -- name of the fact
  value TEXT NOT NULL, -- its value
  PRIMARY KEY (capture, position)
) STRICT, WITHOUT ROWID;

-- Licences that records name, and what each permits.
CREATE TABLE licences (
  licence INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- SPDX identifier, or the same pattern where SPDX has none
  name TEXT NOT NULL, -- name in full
  url TEXT NOT NULL, -- address of its text; may be empty
  family TEXT NOT NULL, -- the id without version and port
  version TEXT, -- version
  jurisdiction TEXT, -- port
  gate TEXT NOT NULL CHECK (gate IN ('open', 'review', 'closed')), -- what the licence alone lets an archive do
  commercial INTEGER NOT NULL CHECK (commercial IN (0, 1)), -- whether commercial use is allowed
  adapt INTEGER NOT NULL CHECK (adapt IN (0, 1)), -- whether changed copies are allowed
  attribution INTEGER NOT NULL CHECK (attribution IN (0, 1)), -- whether credit is due
  text_required INTEGER NOT NULL CHECK (text_required IN (0, 1)) -- whether copies must carry the full text
) STRICT;

-- Audio files by their bytes; the same bytes stand here once.
CREATE TABLE files (
  file INTEGER PRIMARY KEY, -- key inside this file
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32), -- SHA-256 of the bytes
  size INTEGER NOT NULL CHECK (size >= 0), -- bytes
  container TEXT NOT NULL, -- format sniffed from the bytes: mp3, flac, ogg, wav, aiff, mp4
  codec TEXT NOT NULL, -- audio codec
  duration_ms INTEGER, -- milliseconds
  sample_rate INTEGER NOT NULL, -- Hz; 0 where unknown
  channels INTEGER NOT NULL, -- channels; 0 where unknown
  bit_rate INTEGER, -- bits per second over the whole file
  held INTEGER NOT NULL CHECK (held IN (0, 1)) -- whether the store holds the bytes
) STRICT;

-- For each source and table: which capture its rows come from, and the licence of that data.
CREATE TABLE provenance (
  source INTEGER NOT NULL REFERENCES sources, -- source
  place TEXT NOT NULL, -- table of this file
  capture INTEGER REFERENCES captures, -- dump the rows are from; null where each row's observation names its own
  licence TEXT NOT NULL -- SPDX identifier of the data's own licence, or a sentence where it has none
) STRICT;

-- Artists, one for each that a source tells apart; where a source has no ids, one for each name.
CREATE TABLE artists (
  artist INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from source and its own id
  source INTEGER NOT NULL REFERENCES sources, -- source
  mbid BLOB CHECK (length(mbid) = 16), -- MusicBrainz's id: a UUID as 16 bytes
  key TEXT, -- the id of any other source that has ids
  name TEXT NOT NULL, -- name
  sort_name TEXT, -- name as it is sorted, where it differs
  type TEXT, -- person, group, choir …
  gender TEXT, -- gender
  country TEXT, -- ISO 3166-1 code
  begin_date TEXT, -- born or founded, ISO 8601 of any precision
  end_date TEXT, -- died or dissolved
  ended INTEGER CHECK (ended IN (0, 1)), -- whether it has ended
  disambiguation TEXT -- what tells it from others of its name
) STRICT;

-- Artist credits: one or more names with what stands between them; the same credit stands here once.
CREATE TABLE artist_credits (
  credit INTEGER PRIMARY KEY, -- key inside this file
  name TEXT NOT NULL -- the credit as it reads
) STRICT;

-- Names of artist credits.
CREATE TABLE credit_names (
  credit INTEGER NOT NULL REFERENCES artist_credits, -- credit
  position INTEGER NOT NULL, -- order, from 0
  artist INTEGER NOT NULL REFERENCES artists, -- artist
  credited TEXT, -- name as credited, where it differs from the artist's
  join_phrase TEXT NOT NULL, -- what stands between this name and the next; may be empty
  PRIMARY KEY (credit, position)
) STRICT, WITHOUT ROWID;

-- Labels.
CREATE TABLE labels (
  label INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from source and its own id
  source INTEGER NOT NULL REFERENCES sources, -- source
  mbid BLOB CHECK (length(mbid) = 16), -- MusicBrainz's id: a UUID as 16 bytes
  key TEXT, -- the id of any other source that has ids
  name TEXT NOT NULL, -- name
  type TEXT, -- imprint, production, distributor …
  country TEXT, -- ISO 3166-1 code
  label_code TEXT, -- LC code
  begin_date TEXT, -- founded, ISO 8601 of any precision
  end_date TEXT, -- dissolved
  ended INTEGER CHECK (ended IN (0, 1)), -- whether it has ended
  disambiguation TEXT -- what tells it from others of its name
) STRICT;

-- Works: what is performed, apart from who performs it.
CREATE TABLE works (
  work INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from source and its own id
  source INTEGER NOT NULL REFERENCES sources, -- source
  mbid BLOB CHECK (length(mbid) = 16), -- MusicBrainz's id: a UUID as 16 bytes
  title TEXT NOT NULL, -- title
  type TEXT, -- song, symphony …
  language TEXT, -- ISO 639-3 code of the lyrics
  disambiguation TEXT -- what tells it from others of its title
) STRICT;

-- Release groups: all releases of one album, single …
CREATE TABLE release_groups (
  release_group INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from source and its own id
  source INTEGER NOT NULL REFERENCES sources, -- source
  mbid BLOB CHECK (length(mbid) = 16), -- MusicBrainz's id: a UUID as 16 bytes
  key TEXT, -- the id of any other source that has ids
  title TEXT NOT NULL, -- title; that of a release, where only its releases tell of it
  credit INTEGER REFERENCES artist_credits, -- artist credit
  primary_type TEXT, -- album, single …
  secondary_types TEXT, -- compilation, live …, joined by `; `
  first_release_date TEXT, -- ISO 8601 of any precision
  disambiguation TEXT -- what tells it from others of its title
) STRICT;

-- Releases; where a source has no ids, one title by one release artist, or in one directory where none is named.
CREATE TABLE releases (
  release INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from source and its own id, or release artist or directory, and title
  source INTEGER NOT NULL REFERENCES sources, -- source that names it
  mbid BLOB CHECK (length(mbid) = 16), -- MusicBrainz's id: a UUID as 16 bytes
  key TEXT, -- the id of any other source that has ids
  title TEXT NOT NULL, -- title; that of a release, where only its releases tell of it
  credit INTEGER REFERENCES artist_credits, -- release artist, where named
  release_group INTEGER REFERENCES release_groups, -- release group
  status TEXT, -- official, promotion, bootleg …
  date TEXT, -- ISO 8601 of any precision
  country TEXT, -- ISO 3166-1 code
  barcode TEXT, -- barcode as stated
  packaging TEXT, -- kind of packaging
  language TEXT, -- ISO 639-3 code of the titles
  script TEXT, -- ISO 15924 code of the titles
  asin TEXT, -- Amazon's number
  disambiguation TEXT -- what tells it from others of its title
) STRICT;

-- Places and days a release came out, where there is more than its own date and country.
CREATE TABLE release_events (
  release INTEGER NOT NULL REFERENCES releases, -- release
  position INTEGER NOT NULL, -- order, from 0
  date TEXT, -- ISO 8601 of any precision
  country TEXT, -- ISO 3166-1 codes, joined by `; `
  PRIMARY KEY (release, position)
) STRICT, WITHOUT ROWID;

-- Labels of releases.
CREATE TABLE release_labels (
  release INTEGER NOT NULL REFERENCES releases, -- release
  position INTEGER NOT NULL, -- order, from 0
  label INTEGER REFERENCES labels, -- label; null where only a number is stated
  catalogue_number TEXT, -- the label's number for the release
  role TEXT, -- what it did, where it did not just put the release out: `Pressed By`
  PRIMARY KEY (release, position)
) STRICT, WITHOUT ROWID;

-- Media of releases.
CREATE TABLE media (
  release INTEGER NOT NULL REFERENCES releases, -- release
  position INTEGER NOT NULL, -- order, from 0
  number INTEGER, -- its number as stated, where that is not its position + 1
  format TEXT, -- CD, 12" vinyl …
  title TEXT, -- title of the medium
  track_count INTEGER, -- tracks as stated, where it does not have just these
  PRIMARY KEY (release, position)
) STRICT, WITHOUT ROWID;

-- Kinds of media that a release states as a whole.
CREATE TABLE release_formats (
  release INTEGER NOT NULL REFERENCES releases, -- release
  position INTEGER NOT NULL, -- order, from 0
  name TEXT, -- CD, Vinyl …
  quantity TEXT, -- how many, as stated
  text TEXT, -- colour, edition …
  descriptions TEXT, -- 12", LP, Album …, joined by `; `
  PRIMARY KEY (release, position)
) STRICT, WITHOUT ROWID;

-- Recordings, the most listened to first; files with the same bytes are one recording.
CREATE TABLE recordings (
  recording INTEGER PRIMARY KEY, -- key inside this file, in order of popularity; the rowid in search
  id TEXT NOT NULL, -- public id, from source and its own id, or the first of its tracks
  source INTEGER NOT NULL REFERENCES sources, -- source
  mbid BLOB CHECK (length(mbid) = 16), -- MusicBrainz's id: a UUID as 16 bytes
  title TEXT NOT NULL, -- title; that of a release, where only its releases tell of it
  credit INTEGER REFERENCES artist_credits, -- performers
  length_ms INTEGER, -- milliseconds
  date TEXT, -- first release, ISO 8601 of any precision
  listens INTEGER, -- times listened to, from open counts
  video INTEGER CHECK (video IN (0, 1)), -- whether it is a video; null where it is not
  file INTEGER REFERENCES files, -- its bytes, where they were read
  disambiguation TEXT -- what tells it from others of its title
) STRICT;

-- Tracks: recordings on releases, or in collections; ordered by release, medium and position.
CREATE TABLE tracks (
  track INTEGER PRIMARY KEY, -- key inside this file
  id TEXT, -- public id of a collection's track, from source and key; others are named RELEASE/MEDIUM-PLACE, from 1
  source INTEGER NOT NULL REFERENCES sources, -- source that gives it
  release INTEGER REFERENCES releases, -- release it is on
  medium INTEGER, -- position of its medium, from 0
  position INTEGER, -- place on its medium, from 0
  number TEXT, -- its number as printed, where that is not its position + 1
  kind TEXT, -- pregap, data, heading, index or sub-track; null for an ordinary one
  recording INTEGER NOT NULL REFERENCES recordings, -- recording it is
  title TEXT, -- title, where it differs from the recording's
  credit INTEGER REFERENCES artist_credits, -- performers, where they differ from the recording's
  length_ms INTEGER, -- milliseconds, where it differs from the recording's
  mbid BLOB CHECK (length(mbid) = 16), -- MusicBrainz's id: a UUID as 16 bytes
  verdict INTEGER NOT NULL REFERENCES verdicts, -- what may be done with its audio
  absence INTEGER REFERENCES reasons -- why its audio cannot be had: absent, refused or not open; null where it can
) STRICT;

-- Tracks that were seen in collections, with where and when.
CREATE TABLE observations (
  track INTEGER PRIMARY KEY REFERENCES tracks, -- track
  key TEXT NOT NULL, -- unique within the source: collection and path
  collection TEXT NOT NULL, -- tree or package the file is from
  path TEXT NOT NULL, -- path inside the collection, as clean text
  capture INTEGER NOT NULL REFERENCES captures, -- capture that holds it
  title_guessed INTEGER NOT NULL CHECK (title_guessed IN (0, 1)), -- whether the title is made from the file's name
  date TEXT, -- ISO 8601 of any precision
  copyright_notice TEXT, -- copyright notice, verbatim
  source_url TEXT -- where a person finds the original
) STRICT;

-- What somebody did besides being credited as the artist.
CREATE TABLE contributions (
  subject TEXT NOT NULL, -- prefix of the public id of what it is to: re, rc, tr
  owner INTEGER NOT NULL, -- key of that
  position INTEGER NOT NULL, -- order, from 0
  artist INTEGER REFERENCES artists, -- artist
  credited TEXT, -- name as credited, where it differs from the artist's
  role TEXT NOT NULL, -- composer, producer, mixed by …; may be empty
  tracks TEXT, -- which tracks, as the source writes it
  PRIMARY KEY (subject, owner, position)
) STRICT, WITHOUT ROWID;

-- Other names.
CREATE TABLE aliases (
  subject TEXT NOT NULL, -- prefix of the public id of what has the name: ar, la, re, rg, wo
  owner INTEGER NOT NULL, -- key of that
  position INTEGER NOT NULL, -- order, from 0
  name TEXT NOT NULL, -- the name
  sort_name TEXT, -- name as it is sorted, where it differs
  locale TEXT, -- language it is in
  type TEXT, -- legal name, search hint, name variation …
  is_primary INTEGER CHECK (is_primary IN (0, 1)), -- whether it is the name in its language
  PRIMARY KEY (subject, owner, position)
) STRICT, WITHOUT ROWID;

-- Genres as written.
CREATE TABLE genres (
  genre INTEGER PRIMARY KEY, -- key inside this file
  name TEXT NOT NULL, -- the genre
  kind TEXT NOT NULL -- genre, or style where the source tells them apart
) STRICT;

-- What has which genre.
CREATE TABLE genre_uses (
  subject TEXT NOT NULL, -- prefix of the public id of what has it: ar, re, rg, rc, tr
  owner INTEGER NOT NULL, -- key of that
  position INTEGER NOT NULL, -- order, from 0
  genre INTEGER NOT NULL REFERENCES genres, -- genre
  PRIMARY KEY (subject, owner, position)
) STRICT, WITHOUT ROWID;

-- Identifiers.
CREATE TABLE identifiers (
  subject TEXT NOT NULL, -- prefix of the public id of what it identifies: ar, la, re, rc, tr, wo
  owner INTEGER NOT NULL, -- key of that
  type TEXT NOT NULL, -- kind, by its issuer: isrc, iswc, isni, barcode, musicbrainz-recording
  position INTEGER NOT NULL, -- order, unique with its type
  value TEXT NOT NULL, -- canonical spelling
  note TEXT, -- what the source says of it
  PRIMARY KEY (subject, owner, type, position)
) STRICT, WITHOUT ROWID;

-- Relationships to works, artists and addresses.
CREATE TABLE relations (
  subject TEXT NOT NULL, -- prefix of the public id of what is related: ar, la, re, rc, wo
  owner INTEGER NOT NULL, -- key of that
  position INTEGER NOT NULL, -- order, from 0
  type TEXT, -- performance, license, member …
  direction TEXT, -- backward, where the relationship is read from its target
  target_subject TEXT, -- prefix of the public id of what it leads to; null for an address
  target INTEGER, -- key of that
  target_text TEXT, -- the address, or the source's own id of what this file lacks
  attributes TEXT, -- cover, live …, joined by `; `
  begin_date TEXT, -- from when, ISO 8601 of any precision
  end_date TEXT, -- until when
  PRIMARY KEY (subject, owner, position)
) STRICT, WITHOUT ROWID;

-- Which rows of different sources, or twice in one, are the same thing.
CREATE TABLE links (
  subject TEXT NOT NULL, -- prefix of their public ids: ar, re, rc
  left_owner INTEGER NOT NULL, -- key of the one
  right_owner INTEGER NOT NULL, -- key of the other
  probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1), -- how probably they are the same
  evidence TEXT NOT NULL, -- what speaks for it and against, a comparison a line
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)), -- whether it counts; others wait for review
  PRIMARY KEY (subject, left_owner, right_owner)
) STRICT, WITHOUT ROWID;

-- Members of clusters: all rows that are one thing; what stands alone is not here.
CREATE TABLE clusters (
  subject TEXT NOT NULL, -- prefix of their public ids: ar, re, rc
  owner INTEGER NOT NULL, -- key of the member
  cluster TEXT NOT NULL, -- id of the cluster, which outlives builds
  PRIMARY KEY (subject, owner)
) STRICT, WITHOUT ROWID;

-- Ids that are gone: of clusters that were merged or split, of things that their source dropped or replaced.
CREATE TABLE redirects (
  id TEXT NOT NULL PRIMARY KEY, -- id that was
  target TEXT NOT NULL -- id that counts
) STRICT, WITHOUT ROWID;

-- Wordings that many statements about rights share.
CREATE TABLE statements (
  statement INTEGER PRIMARY KEY, -- key inside this file
  text TEXT NOT NULL -- the wording, verbatim
) STRICT;

-- Statements about rights, with where each was found.
CREATE TABLE evidence (
  subject TEXT NOT NULL, -- prefix of the public id of what it is about: re, rc, tr
  owner INTEGER NOT NULL, -- key of that
  position INTEGER NOT NULL, -- order, from 0
  kind TEXT NOT NULL, -- tag, reuse, licence-file, declaration, dep5, copyright-file or dump
  statement INTEGER NOT NULL REFERENCES statements, -- what was stated
  place TEXT NOT NULL, -- place inside the capture
  capture INTEGER REFERENCES captures, -- capture that holds the place; null where provenance names it
  confidence TEXT NOT NULL, -- how surely it is about this file: exact, tail, partial, default or ambiguous
  holder TEXT, -- copyright holder or notice beside the statement
  licence_field INTEGER NOT NULL CHECK (licence_field IN (0, 1)), -- whether the place exists to state a licence
  unread TEXT, -- why the statement was not read, or not whole; null where it was
  PRIMARY KEY (subject, owner, position)
) STRICT, WITHOUT ROWID;

-- Codes with their sentences, as verdicts, findings and tracks give them.
CREATE TABLE reasons (
  reason INTEGER PRIMARY KEY, -- key inside this file
  code TEXT NOT NULL, -- rule or reason code; docs/rights.md explains each
  text TEXT NOT NULL -- the sentence
) STRICT;

-- What may be done with audio; tracks that are judged alike share a verdict.
CREATE TABLE verdicts (
  verdict INTEGER PRIMARY KEY, -- key inside this file
  decision TEXT NOT NULL CHECK (decision IN ('open', 'review', 'metadata-only', 'refused')), -- the decision
  reason INTEGER NOT NULL REFERENCES reasons -- rule that decided, and its sentence
) STRICT;

-- Licences a verdict rests on.
CREATE TABLE verdict_licences (
  verdict INTEGER NOT NULL REFERENCES verdicts, -- verdict
  position INTEGER NOT NULL, -- order, from 0
  licence INTEGER NOT NULL REFERENCES licences, -- licence
  PRIMARY KEY (verdict, position)
) STRICT, WITHOUT ROWID;

-- What each rule said, in the order the rules were asked.
CREATE TABLE findings (
  verdict INTEGER NOT NULL REFERENCES verdicts, -- verdict
  position INTEGER NOT NULL, -- order, from 0
  reason INTEGER NOT NULL REFERENCES reasons, -- rule and its sentence
  evidence INTEGER, -- position of the track's evidence it speaks of
  PRIMARY KEY (verdict, position)
) STRICT, WITHOUT ROWID;

-- What a reader noticed and kept: a bad date, a malformed ISRC.
CREATE TABLE flags (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  code TEXT NOT NULL, -- what kind of thing
  detail TEXT NOT NULL, -- what it was
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- What must travel with audio that may be shared.
CREATE TABLE attributions (
  track INTEGER PRIMARY KEY REFERENCES tracks, -- track
  creator TEXT NOT NULL, -- whom to credit
  title TEXT NOT NULL, -- title of the work
  copyright_notice TEXT NOT NULL, -- copyright notice; may be empty
  source_url TEXT NOT NULL, -- where the original is; may be empty
  changes TEXT NOT NULL, -- what was changed
  disclaimer TEXT NOT NULL -- notice of disclaimer
) STRICT;

-- Licences an attribution names.
CREATE TABLE attribution_licences (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  licence INTEGER REFERENCES licences, -- licence; null where only an address is given
  url TEXT NOT NULL, -- its address, as it travels with the file; may be empty
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- Bags.
CREATE TABLE packages (
  package INTEGER PRIMARY KEY, -- key inside this file
  name TEXT NOT NULL, -- name of the bag
  piece_length INTEGER NOT NULL, -- bytes in one piece of its torrent
  files INTEGER NOT NULL, -- files in it, tag files too
  bytes INTEGER NOT NULL, -- size of all its files
  withheld INTEGER NOT NULL -- tracks it holds that may no longer be shared; above 0, do not seed it
) STRICT;

-- Torrents of bags.
CREATE TABLE torrents (
  torrent INTEGER PRIMARY KEY, -- key inside this file
  package INTEGER NOT NULL REFERENCES packages, -- bag
  infohash_v1 TEXT NOT NULL, -- SHA-1 of the info dictionary, hexadecimal
  infohash_v2 TEXT NOT NULL -- SHA-256 of the info dictionary, hexadecimal
) STRICT;

-- Where a track's audio lies in a torrent; only tracks whose verdict is open are here.
CREATE TABLE placements (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  package INTEGER NOT NULL REFERENCES packages, -- bag
  path TEXT NOT NULL, -- path inside the bag
  torrent INTEGER NOT NULL REFERENCES torrents, -- torrent
  file_index INTEGER NOT NULL CHECK (file_index >= 0), -- index in the v1 file list, pad files counted, from 0
  offset INTEGER NOT NULL CHECK (offset >= 0), -- bytes from the start of the v1 byte stream
  length INTEGER NOT NULL CHECK (length >= 0), -- bytes
  pieces_root BLOB, -- root of the file's v2 Merkle tree; null for an empty file
  PRIMARY KEY (track, package)
) STRICT, WITHOUT ROWID;

-- Words of recordings, without text of its own: its rowid is recordings.recording, words are folded as search folds.
CREATE VIRTUAL TABLE search USING fts5 (
  title, -- words of the titles; U+E000 marks the one word for a whole title, two of it the count of title's and performers' words
  artist, -- words of the names credited, with one for the whole performers, and other names of these artists
  release, -- words of the titles of its releases
  content = '', columnsize = 0, detail = column, tokenize = 'ascii'
);

-- Distinct words of the search index, among which unfinished and mistyped words are looked up.
CREATE TABLE search_words (
  word TEXT NOT NULL PRIMARY KEY, -- word as the index holds it
  recordings INTEGER NOT NULL -- rows of search that hold it
) STRICT, WITHOUT ROWID;

-- Figures that reports draw.
CREATE TABLE stats (
  topic TEXT NOT NULL, -- what is counted: total, decision, reason, licence, source or container
  label TEXT NOT NULL, -- the case
  tracks INTEGER NOT NULL, -- tracks
  files INTEGER NOT NULL, -- distinct files
  bytes INTEGER NOT NULL, -- size of these files
  PRIMARY KEY (topic, label)
) STRICT, WITHOUT ROWID;

-- Descriptions of every table and column, this one's too.
CREATE TABLE _docs (
  place TEXT NOT NULL, -- table
  name TEXT NOT NULL, -- column; empty for the table itself
  description TEXT NOT NULL, -- what it holds
  PRIMARY KEY (place, name)
) STRICT, WITHOUT ROWID;
