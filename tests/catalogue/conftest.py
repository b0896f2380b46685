"""One small archive with everything in it that hurts, made in code and built once."""

import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import apsw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenuto.catalogue.build import BuildReport, CatalogueInputs, build
from tenuto.model.audio import Failure
from tenuto.model.capture import CaptureHead
from tenuto.model.ids import IdKind, public_id
from tenuto.model.music import AudioFile, Credit, Flag, Identifier, IdentifierType, ReleaseInfo, Role, TrackRecord
from tenuto.model.package import Attribution, BagReceipt, Placement, TorrentReceipt
from tenuto.model.progress import Silent
from tenuto.model.rights import Confidence, Decision, Evidence, EvidenceKind, Finding, Gate, Licence, Verdict
from tenuto.model.source import Source, Terms
from tenuto.records.dump_import import import_dump
from tenuto.records.dump_tables import DUMP_TABLES
from tenuto.records.judged import Context, Judged, Judgement, Provenance
from tenuto.records.write import write_context, write_judgements, write_records
from tenuto.sources import dump_source

MUSICBRAINZ = Path(__file__).parents[1] / "sources" / "fixtures" / "musicbrainz"

NASTY = {
    "script": "<script>alert(1)</script> {{7*7}}",
    "sql": "'); DROP TABLE tracks; --",
    "bidi": "\u202egnos live\u202c",
    "marks": "Z" + "\u0301" * 10_000 + "algo",
    "nul": "before\0after",
    "full-width": "ＴＯＫＹＯ　ｎｉｇｈｔ",
    "strokes": "Łódź Øresund Straße",
    "hidden": "in\u200bvisi\u00adble",
}
BY_SA = ("CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/")


class _Read(Source):
    """A source that is never read: the records are made here."""

    home = "https://example.org/"
    terms = Terms(summary="s", audio="a", metadata_licence="CC0-1.0", limits="l", evidence=("one", "two"), url="u")

    def read(self, head, observation):
        raise NotImplementedError


class Alpha(_Read):
    """The first source."""

    name = "alpha"


class Beta(_Read):
    """The second source."""

    name = "beta"


def audio(number, **fields):
    facts = {"sha256": f"{number:064x}", "size": 1000 + number, "container": "ogg", "codec": "vorbis"}
    return AudioFile(
        **facts | {"duration_ms": 60_000, "sample_rate": 44100, "channels": 2, "bit_rate": 128_000} | fields
    )


def track(name, **fields):
    source = fields.get("source", "alpha")
    given = {
        "source": source,
        "collection": "songs",
        "key": f"songs/{name}",
        "path": name,
        "capture": f"{source}/songs/1",
        "title": name.rpartition("/")[2].removesuffix(".ogg"),
        "evidence": (
            Evidence(
                kind=EvidenceKind.TAG, statement="CC BY-SA 3.0", where=f"tag LICENSE of {name}", capture="alpha/songs/1"
            ),
            Evidence(
                kind=EvidenceKind.DEP5,
                statement="CC BY-SA 3.0",
                where="debian/copyright paragraph 3",
                capture="alpha/songs/1",
                confidence=Confidence.TAIL,
                holder="1999 Somebody",
                licence_field=False,
            ),
        ),
    }
    return TrackRecord(**given | fields)


def judged(record, decision=Decision.OPEN, *, held=True):
    is_open = decision is Decision.OPEN
    verdict = Verdict(
        decision=decision,
        code=f"R-{decision.name}",
        reason=f"It is {decision.value}.",
        licences=(BY_SA[0],) if is_open else (),
        findings=(
            Finding(code="R-FIRST", reason="Nothing to say."),
            Finding(code="R-SECOND", reason="So.", evidence=1),
        ),
    )
    due = Attribution(
        creator="Somebody",
        title=record.title,
        copyright_notice="© 1999 Somebody",
        licences=(BY_SA[0],),
        licence_urls=(BY_SA[1], "https://example.org/more"),
        source_url="https://example.org/song",
    )
    return Judged(track=record, verdict=verdict, attribution=due if is_open else None, held=held)


def named(name, content, artist, title=None, **fields):
    release = ReleaseInfo(title=fields.pop("release", "Collected"), artist=fields.pop("by", artist), date="1999-02")
    credited = (Credit(name=artist),) if isinstance(artist, str) else artist
    return track(name, title=title or name, credits=credited, release=release, audio=audio(content), **fields)


def alpha_records():
    several = (
        Credit(name=" Béla ", join_phrase=" feat. "),
        Credit(name="Łukasz"),
        Credit(name="Carl", role=Role.COMPOSER),
    )
    isrc = (Identifier(type=IdentifierType.ISRC, value="DEA650012345"),)
    shaped = {"number": 1, "disc": 1, "genres": ("Rock", "Folk"), "identifiers": isrc, "date": "1999"}
    yield judged(named("open/first.opus", 1, several, "Ågren's First Song", by="Béla", **shaped))
    yield judged(named("open/second.ogg", 2, "Be\u0301la", "AC/DC", number=2, disc=1, identifiers=isrc))
    yield judged(named("open/twin.ogg", 1, "Zed", "Twin"))
    yield judged(named("open/elsewhere.ogg", 3, "Zed", "Other", by="", release="No Artist"))
    for number, (name, title) in enumerate(NASTY.items()):
        yield judged(named(f"nasty/{name}.ogg", 100 + number, title, title, release=title))
    yield judged(named("closed/review.ogg", 20, "Rex"), Decision.REVIEW)
    yield judged(named("closed/metadata.ogg", 21, "Rex"), Decision.METADATA_ONLY, held=False)
    yield judged(named("closed/refused.ogg", 22, "Rex"), Decision.REFUSED, held=False)
    yield judged(named("lost.ogg", 23, "Rex"), held=False)
    yield judged(
        track("broken.ogg", failure=Failure(code="audio-broken", reason="It is broken.")), Decision.METADATA_ONLY
    )
    odd = audio(24, duration_ms=1 << 70, bit_rate=-5)
    yield judged(track("odd.ogg", number=-1, audio=odd, flags=(Flag(code="date-bad", detail="31 Feb"),)))


def beta_records():
    twin = replace(named("beta.ogg", 1, "Béla", "Twin of another source"), source="beta", capture="beta/songs/1")
    yield judged(twin, held=False)


def unjudged():
    verdict = Verdict(decision=Decision.METADATA_ONLY, code="R-NONE", reason="Nothing speaks of rights.")
    return Judgement(verdict=verdict, outcome=("audio-absent", "The source gives no audio for this track."))


def track_id(name, source="alpha"):
    return public_id(IdKind.TRACK, source, f"songs/{name}")


def placement(name, index):
    root = f"{index:064x}" if index else ""
    place = {"package": "bag-1", "path": f"data/{name}", "file_index": index}
    return Placement(track_id=track_id(name), offset=index << 14, length=1001, pieces_root=root, **place)


def context():
    heads = [
        CaptureHead(
            id=f"{source}/songs/1",
            source=source,
            collection="songs",
            origin=f"/music/{source}",
            captured_at="2026-01-02T03:04:05Z",
            facts=(("version", "1.0"), ("homepage", "https://example.org/")),
        )
        for source in ("alpha", "beta")
    ]
    permits = {"gate": Gate.OPEN, "commercial": True, "adapt": True, "attribution": True, "text_required": False}
    licences = [
        Licence(id=BY_SA[0], name="Attribution-ShareAlike", url=BY_SA[1], family="CC-BY-SA", version="3.0", **permits),
        Licence(id="MIT", name="Named by nothing", url="", family="MIT", **permits),
    ]
    places = [placement("open/first.opus", 0), placement("open/second.ogg", 1), placement("closed/refused.ogg", 2)]
    places.append(placement("gone.ogg", 3))
    torrent = TorrentReceipt(
        package="bag-1", infohash_v1="1" * 40, infohash_v2="2" * 64, placements=tuple(places), metainfo=b""
    )
    bags = [BagReceipt(name=name, piece_length=1 << 14, files=()) for name in ("bag-2", "bag-1")]
    return Context(sources=[Alpha(), Beta()], captures=heads, licences=licences, bags=bags, torrents=[torrent])


@dataclass(frozen=True, kw_only=True)
class Built:
    """A built catalogue, and what it was built from."""

    inputs: CatalogueInputs
    path: Path
    report: BuildReport
    tracks: tuple[Judged, ...]


def written(directory, alpha, beta=(), around=None):
    write_records(directory / "alpha", "alpha", alpha)
    write_records(directory / "beta", "beta", beta)
    write_context(directory / "_context", around or context())
    write_judgements(directory / "_judged", (unjudged(),))
    return CatalogueInputs(
        name="test",
        records=(directory / "alpha", directory / "beta"),
        context=directory / "_context",
        judged=directory / "_judged",
        shapes={table.name: table.schema for table in DUMP_TABLES},
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Build the archive's catalogue once; tests that change it take `copy`."""
    root = tmp_path_factory.mktemp("archive")
    alpha, beta = tuple(alpha_records()), tuple(beta_records())
    inputs = written(root / "records", alpha, beta)
    report = build(inputs, root / "test.sqlite3", Silent())
    return Built(inputs=inputs, path=root / "test.sqlite3", report=report, tracks=alpha + beta)


def musicbrainz_documents(entity):
    """Give MusicBrainz's documents of one kind: the fixtures of its mapping, and for releases one more, made here.

    The third release has one event, medium and number that follow from the rest, a recording that is on the first one
    too, and an artist that no document describes.
    """
    lines = (MUSICBRAINZ / f"{entity}.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    recording = next((one["media"][0]["tracks"][0]["recording"] for one in found if "media" in one), None)
    if entity == "recording":
        (one, *_) = musicbrainz_documents("release")
        found.append(one["media"][0]["tracks"][0]["recording"])
    if recording is not None:
        artist = {"id": str(UUID(int=0x99)), "name": "Only Credited"}
        credit = [{"name": "Only Credited", "joinphrase": "", "artist": artist}]
        track = {"id": str(UUID(int=0x9999)), "title": "One", "number": "1", "length": 61000, "recording": recording}
        medium = {"position": 1, "format": "CD", "track-count": 1}
        event = {"date": "2003", "area": {"name": "France", "iso-3166-1-codes": ["FR"]}}
        facts = {"id": str(UUID(int=0x100)), "title": "One more", "date": "2003", "country": "FR"}
        medium["tracks"] = [track | {"artist-credit": recording["artist-credit"]}]
        found.append(facts | {"release-events": [event], "media": [medium], "artist-credit": credit})
    return found


def popularity(directory):
    """Write what open counts and redirects say of recordings, as an imported dump leaves it."""
    one, two, moved = (str(UUID(int=number)) for number in (0x3E9, 0x3EA, 0x777))
    rows = {
        "popularity": [("recording", two, "musicbrainz", 50, 9), ("recording", moved, "musicbrainz", 7, None)],
        "redirects": [("recording", moved, one, "musicbrainz")],
    }
    for table in DUMP_TABLES:
        if table.name in rows:
            columns = zip(*rows[table.name], strict=True)
            columns = [pa.array(column, kind.type) for column, kind in zip(columns, table.schema, strict=True)]
            place = directory / f"{table.name}.parquet"
            place.mkdir(parents=True)
            pq.write_table(pa.Table.from_arrays(columns, schema=table.schema), place / "000001.parquet")
    (directory / "receipt.json").write_text("{}")
    return directory


def imported_dumps(root):
    """Import MusicBrainz's documents and give each dump's source and directory."""
    source, records = dump_source("musicbrainz"), root / "records" / "musicbrainz"
    for entity in source.entities:
        path = root / f"{entity.name}.jsonl"
        path.write_text("\n".join(map(json.dumps, musicbrainz_documents(entity.name))), "utf-8")
        import_dump(records, source, path, Silent())
    dumps = [("musicbrainz", place.parent) for place in sorted(records.glob("*/receipt.json"))]
    return (*dumps, ("musicbrainz", popularity(records / "zcounts")))


@pytest.fixture(scope="session")
def with_dumps(tmp_path_factory):
    """Build one catalogue of observed files and of MusicBrainz's documents."""
    root = tmp_path_factory.mktemp("dumps")
    around = context()
    rights = [
        Provenance(source="musicbrainz", place=table, capture=None, licence="CC0-1.0")
        for table in ("releases", "tracks")
    ]
    around = replace(around, sources=[*around.sources, dump_source("musicbrainz")], provenance=rights)
    alpha, beta = tuple(alpha_records()), tuple(beta_records())
    inputs = replace(written(root / "records", alpha, beta, around), dumps=imported_dumps(root))
    report = build(inputs, root / "test.sqlite3", Silent())
    return Built(inputs=inputs, path=root / "test.sqlite3", report=report, tracks=alpha + beta)


@pytest.fixture
def ask(with_dumps):
    """Ask the catalogue with dumps in SQL."""
    connection = apsw.Connection(str(with_dumps.path), flags=apsw.SQLITE_OPEN_READONLY)
    yield lambda query, *values: connection.execute(query, values).fetchall()
    connection.close()


@pytest.fixture(scope="session")
def shared():
    """Give the folder of shared sample records, or skip."""
    root = Path(os.environ.get("TENUTO_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
    if not root.is_dir():
        pytest.skip("the shared sample records are not here (set TENUTO_SHARED)")
    return root


@pytest.fixture(scope="session")
def documents():
    """Give MusicBrainz's documents of one kind."""
    return musicbrainz_documents


@pytest.fixture
def copy(built, tmp_path):
    """Copy the catalogue for a test that spoils it."""
    return Path(shutil.copy(built.path, tmp_path / "copy.sqlite3"))


@pytest.fixture
def sql(built):
    """Ask the built catalogue in SQL."""
    connection = apsw.Connection(str(built.path), flags=apsw.SQLITE_OPEN_READONLY)
    yield lambda query, *values: connection.execute(query, values).fetchall()
    connection.close()


@pytest.fixture(scope="session")
def write():
    """Write records and context, and give the inputs of a build."""
    return written


@pytest.fixture(scope="session")
def make():
    """Make one judged track with a title, an artist and bytes of its own."""
    return lambda name, number, artist, title: judged(named(name, number, artist, title))


@pytest.fixture
def tid():
    """Give the public id of a track by its path and source."""
    return track_id
