"""Questions to a finished catalogue."""

import json
import subprocess
import sys

import pytest

from tenuto.catalogue.ask import open_items, show, stats, why
from tenuto.model.document import to_json
from tenuto.model.errors import NotFoundError
from tenuto.model.package import Attribution

ASKING = """
import sys
from pathlib import Path
from tenuto.catalogue import ask, search
list(ask.open_items(Path(sys.argv[1])))
heavy = {'duckdb', 'pyarrow', 'ibis', 'pandas', 'numpy', 'adbc_driver_sqlite'} & set(sys.modules)
peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]
print(sorted(heavy), peak)
"""


def test_a_track_s_page(built, tid):
    """A page has the track's names, keys, file, licences and place in a torrent."""
    page = show(built.path, tid("open/first.opus"))
    assert (page.title, page.artist, page.number, page.disc) == ("Ågren's First Song", " Béla  feat. Łukasz", "1", 1)
    assert [(one.name, one.detail) for one in page.credits] == [
        (" Béla ", "performer"),
        ("Łukasz", "performer"),
        ("Carl", "composer"),
    ]
    assert page.genres == ("Rock", "Folk")
    assert [(one.name, one.detail) for one in page.identifiers] == [("DEA650012345", "isrc")]
    assert page.file.sha256 == f"{1:064x}"
    assert (page.decision, page.code, page.reason, page.absent) == ("open", "R-OPEN", "It is open.", None)
    assert [one.id for one in page.licences] == ["CC-BY-SA-3.0"]
    assert [(one.package, one.path, one.infohash_v1, one.pieces_root) for one in page.placements] == [
        ("bag-1", "data/open/first.opus", "1" * 40, "")
    ]


def test_a_track_without_audio(built, tid):
    """A broken file has a page that says why it is absent."""
    page = show(built.path, tid("broken.ogg"))
    assert (page.file, page.placements, page.release, page.absent) == (None, (), None, "It is broken.")


def test_pages_lead_to_each_other(built, tid):
    """A track names its release, recording and artists, and each of them lists the track."""
    track = show(built.path, tid("open/first.opus"))
    release = show(built.path, track.release.id)
    recording = show(built.path, track.recording.id)
    artist = show(built.path, track.credits[0].id)
    assert (release.title, release.artist.name, release.date) == ("Collected", "Béla", "1999-02")
    assert release.artist.id == artist.id
    for page in (release, recording, artist):
        assert track.id in [one.id for one in page.tracks]
    assert sorted(one.id for one in recording.tracks) == sorted(
        [track.id, tid("open/twin.ogg"), tid("beta.ogg", "beta")]
    )
    assert release.id in [one.id for one in artist.releases]


@pytest.mark.parametrize(
    "subject", ["", "tr-", "tr-" + "0" * 20, "rc-" + "f" * 20, "'; DROP TABLE tracks", "\udcff", "a\0b", "x" * 10_000]
)
def test_what_is_not_there_is_said(built, subject):
    """An unknown id, or what is no id, is a NotFoundError for both questions."""
    for question in (show, why):
        with pytest.raises(NotFoundError):
            question(built.path, subject)


def test_a_verdict_s_grounds(built, tid):
    """Findings stand in order, evidence with its capture, and tracks of the same bytes are named."""
    (one,) = why(built.path, tid("open/first.opus"))
    assert [(x.code, x.reason, x.evidence) for x in one.findings] == [
        ("R-FIRST", "Nothing to say.", None),
        ("R-SECOND", "So.", 1),
    ]
    assert [(x.kind, x.where, x.confidence, x.holder, x.licence_field) for x in one.evidence] == [
        ("tag", "tag LICENSE of open/first.opus", "exact", None, True),
        ("dep5", "debian/copyright paragraph 3", "tail", "1999 Somebody", False),
    ]
    assert {(x.statement, x.capture, x.origin, x.captured_at) for x in one.evidence} == {
        ("CC BY-SA 3.0", "alpha/songs/1", "/music/alpha", "2026-01-02T03:04:05Z")
    }
    assert [x.url for x in one.licences] == ["https://creativecommons.org/licenses/by-sa/3.0/"]
    assert sorted(x.id for x in one.same_bytes) == sorted([tid("open/twin.ogg"), tid("beta.ogg", "beta")])


@pytest.mark.parametrize(
    "subject",
    [
        "open/first.opus",
        "songs/open/first.opus",
        "data/open/first.opus",
    ],
)
def test_a_path_is_as_good_as_an_id(built, tid, subject):
    """The path in the collection, the key, the path in a bag and the path on disk all name the track."""
    assert [one.id for one in why(built.path, subject)] == [tid("open/first.opus")]


def test_an_id_of_several_tracks(built, tid):
    """A recording's or a release's id asks about each of its tracks."""
    page = show(built.path, tid("open/first.opus"))
    assert len(why(built.path, page.recording.id)) == 3
    assert [one.id for one in why(built.path, page.release.id)] == [tid("open/first.opus"), tid("open/second.ogg")]


def test_open_items_are_what_may_be_shared(built, tid):
    """Every open, held, attributable track, in a stable order, with all that must travel with it."""
    items = list(open_items(built.path))
    expected = [
        one.track for one in built.tracks if one.verdict.decision == "open" and one.held and one.track.audio is not None
    ]
    assert sorted(item.track_id for item in items) == sorted(
        tid(track.key.removeprefix("songs/"), track.source) for track in expected
    )
    assert items == list(open_items(built.path))
    item = next(item for item in items if item.track_id == tid("open/first.opus"))
    assert (item.artist, item.release, item.disc, item.number) == ("Béla", "Collected", 1, 1)
    assert (item.title, item.extension, item.size) == ("Ågren's First Song", ".opus", 1001)
    assert item.attribution == Attribution(
        creator="Somebody",
        title="Ågren's First Song",
        copyright_notice="© 1999 Somebody",
        licences=("CC-BY-SA-3.0",),
        licence_urls=("https://creativecommons.org/licenses/by-sa/3.0/", "https://example.org/more"),
        source_url="https://example.org/song",
    )


def test_statistics_count_every_track_once(built):
    """Cases of a topic add up to all tracks, and the same bytes count once."""
    found = stats(built.path)
    cases = {(count.topic, count.label): count for count in found.counts}
    assert cases["total", "all"].tracks == len(built.tracks)
    for topic in ("decision", "source"):
        assert sum(count.tracks for count in found.counts if count.topic == topic) == len(built.tracks)
    files = {one.track.audio.sha256: one.track.audio.size for one in built.tracks if one.track.audio}
    assert (cases["total", "all"].files, cases["total", "all"].bytes) == (len(files), sum(files.values()))
    assert cases["total", "shareable"].tracks == len(list(open_items(built.path)))
    assert cases["reason", "audio-broken"].tracks == 1
    assert found.name == "test"


def test_answers_are_json(built, tid):
    """Every answer can be written as a document."""
    page = show(built.path, tid("open/first.opus"))
    for noun in (page, show(built.path, page.release.id), why(built.path, page.id), stats(built.path)):
        assert json.loads(to_json(noun))


def test_asking_is_light(built):
    """A process that only asks loads neither the engine nor Arrow, and stays under 100 MB."""
    run = subprocess.run(
        [sys.executable, "-c", ASKING, str(built.path)], capture_output=True, text=True, check=True, timeout=60
    )
    heavy, _, peak = run.stdout.rpartition(" ")
    assert heavy == "[]"
    assert int(peak) < 100_000
