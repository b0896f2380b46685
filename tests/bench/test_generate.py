"""The generator: the same bytes for the same seed, documents as MusicBrainz has them, numbers as in life."""

import gzip
import hashlib
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tenuto.model.progress import Silent
from tenuto.records.dump_import import import_dump
from tenuto.sources import dump_source

SCRIPT = Path(__file__).parents[2] / "bench" / "generate.py"
ENTITIES = ("artist", "label", "work", "release-group", "recording", "release")
TRACKS = 12_000


def generate(out, *, seed=1, shape="musicbrainz", processes=2):
    """Run the generator as it is run by hand."""
    options = {"tracks": TRACKS, "seed": seed, "out": out, "shape": shape, "processes": processes}
    command = [sys.executable, str(SCRIPT), *(f"--{name}={value}" for name, value in options.items())]
    subprocess.run(command, check=True, capture_output=True)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}


@pytest.fixture(scope="module")
def dumps(tmp_path_factory):
    """Give a folder with dumps in MusicBrainz's shape."""
    out = tmp_path_factory.mktemp("dumps")
    generate(out)
    return out


@pytest.fixture(scope="module")
def releases(dumps):
    """Give the release documents."""
    return [json.loads(line) for line in (dumps / "release.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def tracks(releases):
    """Give the tracks of all releases."""
    return [track for release in releases for medium in release["media"] for track in medium["tracks"]]


@pytest.mark.parametrize("shape", ["musicbrainz", "discogs"])
def test_one_seed_gives_the_same_bytes_however_many_processes_write(tmp_path, shape):
    """Two runs agree in every byte, with one process and with two; another seed gives others."""
    first = generate(tmp_path / "a", shape=shape)
    assert generate(tmp_path / "b", shape=shape, processes=1) == first
    other = generate(tmp_path / "c", shape=shape, seed=2)
    assert [name for name in first if first[name] == other[name]] == []


@pytest.mark.parametrize("entity", ENTITIES)
def test_documents_have_no_part_that_the_source_does_not_know(dumps, tmp_path, entity):
    """Every line is read, nothing drifts, and ids are not given twice."""
    receipt = import_dump(tmp_path, dump_source("musicbrainz"), dumps / f"{entity}.jsonl", Silent())
    assert (receipt.documents, receipt.bad_lines, receipt.drift) == (receipt.lines, 0, ())
    if entity != "release":
        assert dict(receipt.rows)[f"{entity.replace('-', '_')}s"] == receipt.lines


def test_parts_refer_to_each_other(dumps, tmp_path):
    """Artists, labels, works and release groups that releases name are in their own dumps."""
    known = {
        name: {json.loads(line)["id"] for line in (dumps / f"{name}.jsonl").read_text("utf-8").splitlines()}
        for name in ENTITIES
    }
    import_dump(tmp_path, dump_source("musicbrainz"), dumps / "release.jsonl", Silent())
    ids = {
        "artist": ("credits", "artist"),
        "label": ("release_labels", "label"),
        "release-group": ("releases", "release_group"),
    }
    for name, (table, column) in ids.items():
        assert set(pq.read_table(tmp_path / "release" / f"{table}.parquet")[column].to_pylist()) <= known[name]
    works = pq.read_table(tmp_path / "release" / "relations.parquet", filters=[("target_type", "=", "work")])
    assert set(works["target"].to_pylist()) <= known["work"]


def test_tracks_are_as_many_as_asked_for(tracks):
    """The number of tracks is met within one per cent."""
    assert len(tracks) == pytest.approx(TRACKS, rel=0.01)


def test_a_recording_stands_on_one_release_and_a_quarter(tracks):
    """Tracks to recordings are 1.25 to 1, and a recording has one title wherever it stands."""
    titles = {}
    for track in tracks:
        titles.setdefault(track["recording"]["id"], set()).add(track["recording"]["title"])
    assert len(tracks) / len(titles) == pytest.approx(1.25, rel=0.02)
    assert {len(found) for found in titles.values()} == {1}


def test_two_recordings_in_five_have_an_isrc(tracks):
    """Forty per cent of recordings have an ISRC; some stand on more than one recording."""
    isrcs = {track["recording"]["id"]: tuple(track["recording"]["isrcs"]) for track in tracks}
    assert sum(map(bool, isrcs.values())) / len(isrcs) == pytest.approx(0.40, abs=0.02)
    assert max(Counter(isrc for found in isrcs.values() for isrc in found).values()) > 1


def test_releases_are_singles_albums_and_compilations(releases):
    """Some have one track, the usual album ten to twelve, compilations many artists; a line is about 8 kB."""
    sizes = [sum(medium["track-count"] for medium in release["media"]) for release in releases]
    assert sum(sizes) / len(sizes) == pytest.approx(9, abs=1.5)
    assert min(sizes) == 1
    assert max(sizes) >= 28
    various = [release for release in releases if release["artist-credit"][0]["name"] == "Various Artists"]
    assert 0.02 < len(various) / len(releases) < 0.08
    assert len({t["artist-credit"][0]["name"] for t in various[0]["media"][0]["tracks"]}) > 5
    assert sum(len(json.dumps(release, ensure_ascii=False)) for release in releases) / len(releases) > 7_000


def test_titles_repeat_and_most_are_latin(tracks):
    """A good part of titles stands more than once, some are frequent, one in five is in another script."""
    by_recording = {track["recording"]["id"]: track["title"] for track in tracks}
    times = Counter(by_recording.values())
    repeated = sum(count for count in times.values() if count > 1) / len(by_recording)
    assert 0.10 < repeated < 0.35
    foreign = sum(any(ord(letter) > 0x24F for letter in title) for title in by_recording.values())
    assert 0.10 < foreign / len(by_recording) < 0.30


def test_some_values_make_no_sense(releases, dumps):
    """Impossible dates, unknown lengths and credits of several artists are there, in life's small numbers."""
    text = (dumps / "release.jsonl").read_text("utf-8")
    assert 0 < text.count("-02-31") < 0.01 * text.count('"first-release-date"')
    assert 0 < text.count('"length":null') < 0.05 * text.count('"length"')
    assert text.count('"joinphrase":" feat. "') > 10
    assert Counter(len(release["date"]) for release in releases).keys() == {0, 4, 7, 10}


def test_listens_fall_as_one_by_rank(dumps):
    """The second recording has half of the first one's listens, the hundredth a hundredth."""
    rows = (dumps / "listens.csv").read_text("ascii").splitlines()
    counts = [int(row.partition(",")[2]) for row in rows[1:]]
    assert counts[0] // 2 == counts[1]
    assert counts[0] // 100 == counts[99]
    assert len({row.partition(",")[0] for row in rows}) == len(rows)


def test_discogs_files_are_whole_and_their_digests_are_beside_them(tmp_path):
    """Each dump is XML with its digest in the list, and has as many tracks as asked for."""
    digests = generate(tmp_path, shape="discogs")
    listed = (tmp_path / "discogs_20260101_CHECKSUM.txt").read_text("ascii").split()
    assert dict(zip((name.lstrip("*") for name in listed[1::2]), listed[::2], strict=True)).items() <= digests.items()
    counts = {}
    for path in tmp_path.glob("*.xml.gz"):
        root = ET.fromstring(gzip.decompress(path.read_bytes()))  # noqa: S314 - written a moment ago
        counts[root.tag] = len(root)
        if root.tag == "releases":
            titled = [track for track in root.iter("track") if track.find("position").text]
            assert len(titled) == pytest.approx(TRACKS, rel=0.01)
    assert counts["artists"] == TRACKS // 20
    assert counts["releases"] > counts["masters"]
