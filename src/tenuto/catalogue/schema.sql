-- The catalogue: compact integer keys inside; public ids (ar-, re-, rc-, tr-) outside, the same in every build.
-- A table's comment stands above it and a column's beside it: docs.py reads both into _docs and docs/catalogue.md.

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

-- Artists; for now, one name (NFC, trimmed) within one source is one artist.
CREATE TABLE artists (
  artist INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from source and name
  source INTEGER NOT NULL REFERENCES sources, -- source that credits the name
  name TEXT NOT NULL -- the name
) STRICT;

-- Releases; for now, one title by one release artist, or in one directory where no release artist is named.
CREATE TABLE releases (
  release INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from source, release artist or directory, and title
  source INTEGER NOT NULL REFERENCES sources, -- source that names it
  artist INTEGER REFERENCES artists, -- release artist, where named
  title TEXT NOT NULL, -- title
  date TEXT, -- ISO 8601 of any precision, from the first track that has one
  label TEXT, -- label, from the first track that has one
  catalogue_number TEXT -- the label's number, from the first track that has one
) STRICT;

-- Recordings; tracks with the same bytes are one recording, every other track is its own.
CREATE TABLE recordings (
  recording INTEGER PRIMARY KEY, -- key inside this file
  id TEXT NOT NULL, -- public id, from the first of its tracks by source and key
  title TEXT NOT NULL, -- title of that track
  file INTEGER REFERENCES files -- its bytes, where they were read
) STRICT;

-- Tracks as their sources give them.
CREATE TABLE tracks (
  track INTEGER PRIMARY KEY, -- key inside this file, and the rowid in search
  id TEXT NOT NULL, -- public id, from source and key
  source INTEGER NOT NULL REFERENCES sources, -- source that gives it
  key TEXT NOT NULL, -- unique within the source: collection and path
  collection TEXT NOT NULL, -- tree or package the file is from
  path TEXT NOT NULL, -- path inside the collection, as clean text
  capture INTEGER NOT NULL REFERENCES captures, -- capture that holds it
  recording INTEGER NOT NULL REFERENCES recordings, -- recording it is
  release INTEGER REFERENCES releases, -- release it names
  file INTEGER REFERENCES files, -- its audio, where it was read
  title TEXT NOT NULL, -- title
  title_guessed INTEGER NOT NULL CHECK (title_guessed IN (0, 1)), -- whether the title is made from the file's name
  artist TEXT NOT NULL, -- performers as they read, else the release artist, else empty
  number INTEGER, -- place on its disc
  disc INTEGER, -- disc of its release
  date TEXT, -- ISO 8601 of any precision
  copyright_notice TEXT, -- copyright notice, verbatim
  source_url TEXT -- where a person finds the original
) STRICT;

-- Names credited on tracks.
CREATE TABLE credits (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  artist INTEGER NOT NULL REFERENCES artists, -- artist
  credited TEXT, -- name as credited, where it differs from the artist's
  role TEXT NOT NULL, -- performer, composer, lyricist, conductor or remixer
  join_phrase TEXT NOT NULL, -- what stands between this name and the next; may be empty
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- Genres as written.
CREATE TABLE genres (
  genre INTEGER PRIMARY KEY, -- key inside this file
  name TEXT NOT NULL -- the genre
) STRICT;

-- Genres that tracks name.
CREATE TABLE track_genres (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  genre INTEGER NOT NULL REFERENCES genres, -- genre
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- Identifiers that tracks carry, of themselves or of the release they name.
CREATE TABLE identifiers (
  track INTEGER NOT NULL REFERENCES tracks, -- track that carries it
  subject TEXT NOT NULL CHECK (subject IN ('track', 'release')), -- what it identifies
  position INTEGER NOT NULL, -- order, from 0
  type TEXT NOT NULL, -- kind, by its issuer: isrc, barcode, musicbrainz-recording
  value TEXT NOT NULL, -- canonical spelling
  PRIMARY KEY (track, subject, position)
) STRICT, WITHOUT ROWID;

-- Wordings that many statements about rights share.
CREATE TABLE statements (
  statement INTEGER PRIMARY KEY, -- key inside this file
  text TEXT NOT NULL -- the wording, verbatim
) STRICT;

-- Statements about a track's rights, with where each was found.
CREATE TABLE evidence (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  kind TEXT NOT NULL, -- tag, reuse, licence-file, declaration, dep5 or copyright-file
  statement INTEGER NOT NULL REFERENCES statements, -- what was stated
  place TEXT NOT NULL, -- place inside the capture
  capture INTEGER NOT NULL REFERENCES captures, -- capture that holds the place
  confidence TEXT NOT NULL, -- how surely it is about this file: exact, tail, partial, default or ambiguous
  holder TEXT, -- copyright holder or notice beside the statement
  licence_field INTEGER NOT NULL CHECK (licence_field IN (0, 1)), -- whether the place exists to state a licence
  unread TEXT, -- why the statement was not read, or not whole; null where it was
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- Codes with their sentences, as verdicts, findings and the ledger give them.
CREATE TABLE reasons (
  reason INTEGER PRIMARY KEY, -- key inside this file
  code TEXT NOT NULL, -- rule or reason code; docs/rights.md explains each
  text TEXT NOT NULL -- the sentence
) STRICT;

-- What may be done with each track's audio.
CREATE TABLE verdicts (
  track INTEGER PRIMARY KEY REFERENCES tracks, -- track
  decision TEXT NOT NULL CHECK (decision IN ('open', 'review', 'metadata-only', 'refused')), -- the decision
  reason INTEGER NOT NULL REFERENCES reasons -- rule that decided, and its sentence
) STRICT;

-- Licences a verdict rests on.
CREATE TABLE verdict_licences (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  licence INTEGER NOT NULL REFERENCES licences, -- licence
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- What each rule made of a track, in the order the rules were asked.
CREATE TABLE findings (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  reason INTEGER NOT NULL REFERENCES reasons, -- rule and its sentence
  evidence INTEGER, -- position of the evidence it speaks of
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- What a reader noticed and kept: a bad date, a malformed ISRC.
CREATE TABLE flags (
  track INTEGER NOT NULL REFERENCES tracks, -- track
  position INTEGER NOT NULL, -- order, from 0
  code TEXT NOT NULL, -- what kind of thing
  detail TEXT NOT NULL, -- what it was
  PRIMARY KEY (track, position)
) STRICT, WITHOUT ROWID;

-- Why audio cannot be had: a row for every track whose audio is absent, refused or not open.
CREATE TABLE ledger (
  track INTEGER PRIMARY KEY REFERENCES tracks, -- track
  reason INTEGER NOT NULL REFERENCES reasons -- code and sentence
) STRICT;

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

-- Words of tracks, without text of its own: its rowid is tracks.track, words are folded as search folds them.
CREATE VIRTUAL TABLE search USING fts5 (
  title, -- words of the title, and one word, marked by U+E000, for the whole of it
  artist, -- words of the names credited
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
