"""The tables of the records, column by column; each Parquet file carries its columns' descriptions.

Tables about tracks start with `source` and `key`, which name the track; lists keep their order in `position`, from 0.
"""

from dataclasses import dataclass

import pyarrow as pa

__all__ = ["CONTEXT", "RECORDS", "Table", "table"]

_TYPES = {"text": pa.string(), "int": pa.int64(), "bool": pa.bool_()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One Parquet table: its columns, and the leading ones that order its rows and are unique together."""

    name: str
    schema: pa.Schema
    key: int
    """How many leading columns are the key."""

    @property
    def distinct(self) -> bool:
        """Whether the key must be checked: list tables need no check, their places are counted."""
        return "position" not in self.schema.names


def table(name: str, doc: str, key: int, *columns: str) -> Table:
    """Read columns written `name type description`; a type ending in `?` may be null."""
    fields = [_field(*column.split(" ", 2)) for column in columns]
    return Table(name=name, key=key, schema=pa.schema(fields, metadata={"description": doc}))


def _field(name: str, kind: str, doc: str) -> pa.Field:
    nullable = kind.endswith("?")
    return pa.field(name, _TYPES[kind.rstrip("?")], nullable=nullable, metadata={"description": doc})


_TRACK = ("source text Name of the source.", "key text The track's key, unique within its source.")
_LISTED = (*_TRACK, "position int Place in the list, from 0.")

RECORDS: tuple[Table, ...] = (
    table(
        "tracks",
        "One row for each track, as its source gives it.",
        2,
        *_TRACK,
        "collection text Tree or package the file is from.",
        "path text Path inside the collection, as clean text.",
        "capture text Id of the capture that holds the track.",
        "title text Title.",
        "title_guessed bool Whether the title is made from the file's name.",
        "number int? Place on its disc.",
        "disc int? Disc of its release.",
        "date text? ISO 8601 date of any precision.",
        "copyright_notice text? Copyright notice, verbatim.",
        "source_url text? Where a person finds the original.",
        "release_title text? Title of the release the track names.",
        "release_artist text? Release artist as credited.",
        "release_date text? Date of the release.",
        "release_label text? Label of the release.",
        "release_catalogue_number text? The label's number for the release.",
    ),
    table(
        "credits",
        "One row for each name credited on a track.",
        3,
        *_LISTED,
        "name text Name as credited.",
        "role text What the artist did.",
        "join_phrase text What stands between this name and the next.",
    ),
    table("genres", "One row for each genre a track names.", 3, *_LISTED, "name text Genre as written."),
    table(
        "identifiers",
        "One row for each identifier of a track or of the release it names.",
        4,
        *_TRACK,
        "subject text `track` or `release`.",
        "position int Place in the list, from 0.",
        "type text What it identifies, by its issuer.",
        "value text Canonical spelling.",
    ),
    table(
        "files",
        "One row for each track whose audio was read.",
        2,
        *_TRACK,
        "sha256 text SHA-256 of the bytes, hexadecimal.",
        "size int Bytes.",
        "container text Format sniffed from the bytes.",
        "codec text Audio codec.",
        "duration_ms int? Milliseconds.",
        "sample_rate int Hz; 0 where unknown.",
        "channels int Channels; 0 where unknown.",
        "bit_rate int? Bits per second over the whole file.",
        "held bool Whether the store holds the bytes.",
    ),
    table(
        "evidence",
        "One row for each statement about a track's rights.",
        3,
        *_LISTED,
        "kind text Where such statements are found.",
        "statement text Digest of the statement.",
        "place text Place inside the capture.",
        "capture text Id of the capture that holds the place.",
        "confidence text How surely the statement is about this file.",
        "holder text? Copyright holder beside the statement.",
        "licence_field bool Whether the place exists to state a licence.",
        "unread text? Why the statement was not read, or not whole.",
    ),
    table(
        "statements",
        "One row for each different statement; a licence text beside an album stands here once.",
        1,
        "digest text SHA-256 of the text in UTF-8, hexadecimal.",
        "text text The statement, verbatim.",
    ),
    table(
        "flags",
        "One row for each thing a reader noticed and kept.",
        3,
        *_LISTED,
        "code text What kind of thing.",
        "detail text What it was.",
    ),
    table(
        "verdicts",
        "One row for each track: what may be done with its audio.",
        2,
        *_TRACK,
        "decision text open, review, metadata-only or refused.",
        "code text Rule that decided.",
        "reason text Its sentence.",
    ),
    table(
        "verdict_licences",
        "One row for each licence a verdict rests on.",
        3,
        *_LISTED,
        "licence text Id of the licence.",
    ),
    table(
        "findings",
        "One row for each rule's word on a track.",
        3,
        *_LISTED,
        "code text Rule.",
        "reason text Its sentence.",
        "evidence int? Position of the evidence it speaks of.",
    ),
    table(
        "attributions",
        "One row for each track whose audio may be shared: what travels with it.",
        2,
        *_TRACK,
        "creator text Whom to credit.",
        "title text Title of the work.",
        "copyright_notice text Copyright notice.",
        "source_url text Where the original is.",
        "changes text What was changed.",
        "disclaimer text Notice of disclaimer.",
    ),
    table(
        "attribution_licences",
        "One row for each licence an attribution names.",
        3,
        *_LISTED,
        "licence text Id of the licence; empty where only an address is given.",
        "url text Address of the licence; empty where it has none.",
    ),
    table(
        "outcomes",
        "One row for each track whose audio is absent or may not be shared.",
        2,
        *_TRACK,
        "code text Reason code.",
        "reason text Reason, a sentence.",
    ),
)

CONTEXT: tuple[Table, ...] = (
    table(
        "provenance",
        "One row for each table and dump of a source.",
        3,
        "source text Name of the source.",
        "place text Table of the catalogue.",
        "capture text? Id of the dump's capture; null where each observation names its own.",
        "licence text Licence of the data.",
    ),
    table(
        "sources",
        "One row for each source, with its terms.",
        1,
        "name text Name.",
        "home text Home page.",
        "summary text Why collecting is allowed.",
        "audio text When audio may be kept.",
        "metadata_licence text Licence of the metadata itself.",
        "limits text Pace, size, kinds.",
        "evidence text Which statements count as licence evidence, a line each.",
        "url text Where the terms stand.",
    ),
    table(
        "captures",
        "One row for each capture.",
        1,
        "id text Id of the capture.",
        "source text Name of the source.",
        "collection text Tree or package that was captured.",
        "origin text Where the collection was.",
        "captured_at text When, ISO 8601 in UTC.",
    ),
    table(
        "capture_facts",
        "One row for each fact a source gives of a collection.",
        2,
        "capture text Id of the capture.",
        "position int Place in the list, from 0.",
        "name text Name of the fact.",
        "value text Its value.",
    ),
    table(
        "licences",
        "One row for each licence that records name.",
        1,
        "id text SPDX identifier, or the same pattern.",
        "name text Name in full.",
        "url text Address of its text.",
        "family text Id without version and port.",
        "version text? Version.",
        "jurisdiction text? Port.",
        "gate text open, review or closed.",
        "commercial bool Whether commercial use is allowed.",
        "adapt bool Whether changed copies are allowed.",
        "attribution bool Whether credit is due.",
        "text_required bool Whether copies must carry the full text.",
    ),
    table(
        "packages",
        "One row for each bag.",
        1,
        "name text Name of the bag.",
        "piece_length int Bytes in one piece of its torrent.",
        "files int Number of files in the bag.",
        "bytes int Size of all its files.",
    ),
    table(
        "torrents",
        "One row for each torrent.",
        1,
        "package text Bag it is of.",
        "infohash_v1 text SHA-1 of the info dictionary, hexadecimal.",
        "infohash_v2 text SHA-256 of the info dictionary, hexadecimal.",
    ),
    table(
        "placements",
        "One row for each track that lies in a torrent.",
        2,
        "track text Public id of the track.",
        "package text Bag.",
        "path text Path inside the bag.",
        "file_index int Index in the v1 file list, pad files counted, from 0.",
        "offset int Bytes from the start of the v1 byte stream.",
        "length int Bytes.",
        "pieces_root text Root of the file's v2 tree, hexadecimal; empty for an empty file.",
    ),
)
