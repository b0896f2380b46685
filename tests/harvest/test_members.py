import dataclasses
import random
import stat
import struct
import zipfile
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenuto.harvest.tree import walk


@pytest.fixture
def taken(tmp_path):
    """Walk a folder that holds one archive, and give the members taken and the codes of those refused."""

    def take(caps=None):
        files, refused = {}, {}
        for tree in walk(tmp_path / "in", tmp_path / "scratch", caps):
            files |= {file.path: (file.root / file.inside).read_bytes() for file in tree.files}
            refused |= {path: failure.code for path, failure in tree.refused}
        return files, refused

    (tmp_path / "in").mkdir()
    return take


@pytest.fixture
def place(tmp_path, taken):
    """Give the archive's place in that folder."""
    return tmp_path / "in" / "music.pk3"


def test_members_are_streamed_to_names_we_make(tmp_path, taken, place, make_zip, ogg):
    """Audio and licence texts come out under paths inside the archive, and lie under numbers."""
    make_zip(place, [("sound/b.ogg", ogg), ("a.ogg", ogg + b"a"), ("LICENSE", b"CC0"), ("maps/x.bsp", b"no")])
    files, refused = taken()
    assert {"music.pk3!/a.ogg": ogg + b"a", "music.pk3!/sound/b.ogg": ogg} == files
    assert refused == {}
    assert not (tmp_path / "scratch").exists()
    _, tree = islice(walk(tmp_path / "in", tmp_path / "scratch"), 2)
    assert sorted(path.name for path in (tmp_path / "scratch").iterdir()) == ["000001.ogg", "000002.ogg"]
    assert [(document.path, document.text) for document in tree.documents] == [("music.pk3!/LICENSE", "CC0")]
    assert {place.stat().st_mtime_ns} == {file.modified_ns for file in tree.files}


def test_one_archive_is_unpacked_at_a_time(tmp_path, make_zip, ogg):
    """However many archives a folder has, the disk holds the copies of one; each knows the folder's own texts."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "LICENSE").write_text("CC0", "utf-8")
    for name in ("a.zip", "b.zip", "c.zip"):
        make_zip(tmp_path / "in" / name, [(f"{at}.ogg", ogg) for at in range(3)] + [("LICENSE", name.encode())])
    seen = {}
    for tree in walk(tmp_path / "in", tmp_path / "scratch"):
        copies = len(list((tmp_path / "scratch").iterdir()))
        seen[tree.name] = (copies, [document.text for document in tree.documents])
    assert seen == {
        "": (0, ["CC0"]),
        "a.zip": (3, ["CC0", "a.zip"]),
        "b.zip": (3, ["CC0", "b.zip"]),
        "c.zip": (3, ["CC0", "c.zip"]),
    }


@pytest.mark.parametrize(
    ("name", "mode", "code"),
    [
        ("../up.ogg", 0, "unsafe-path"),
        ("/etc/up.ogg", 0, "unsafe-path"),
        ("a\\..\\..\\up.ogg", 0, "unsafe-path"),
        ("c:/up.ogg", 0, "unsafe-path"),
        ("link.ogg", stat.S_IFLNK | 0o777, "symlink"),
        ("pipe.ogg", stat.S_IFIFO | 0o644, "not-a-regular-file"),
        ("disk.ogg", stat.S_IFBLK | 0o644, "not-a-regular-file"),
        ("root.ogg", stat.S_IFREG | 0o4755, "setuid"),
        ("p/" * 2100 + "long.ogg", 0, "path-too-long"),
        ("inner.zip", 0, "archive-nested"),
        ("inner.PK3", 0, "archive-nested"),
    ],
)
def test_hostile_members_are_refused_and_the_rest_is_taken(  # noqa: PLR0917, PLR0913 - a row's columns and fixtures
    taken, place, make_zip, unix_member, ogg, name, mode, code
):
    """B1: each trick is refused by name, and nothing else suffers."""
    make_zip(place, [(unix_member(name, mode), ogg), ("good.ogg", ogg)])
    files, refused = taken()
    assert {"music.pk3!/good.ogg": ogg} == files
    assert {f"music.pk3!/{name}": code} == refused


def test_a_name_without_the_utf8_flag_keeps_its_bytes(taken, place, make_zip, ogg):
    """Old archives hold bytes: they come through as PEP 383 text."""
    make_zip(place, [("caf?.ogg", ogg)])
    place.write_bytes(place.read_bytes().replace(b"caf?", b"caf\xe9"))
    files, _ = taken()
    assert list(files) == ["music.pk3!/caf\udce9.ogg"]


def test_a_bomb_stops_at_the_ratio(tmp_path, taken, place, make_zip, small_caps):
    """B2: a member that unpacks to far more than its size is dropped, and so is what was written of it."""
    make_zip(place, [("bomb.ogg", bytes(4_900)), ("good.ogg", b"OggS")])
    files, refused = taken(small_caps)
    assert list(files) == ["music.pk3!/good.ogg"]
    assert refused == {"music.pk3!/bomb.ogg": "archive-bomb"}
    _, tree = islice(walk(tmp_path / "in", tmp_path / "scratch", small_caps), 2)
    assert len(list((tmp_path / "scratch").iterdir())) == len(tree.files) == 1


def test_many_small_members_that_are_a_bomb_together_stop_at_the_ratio(taken, place, make_zip, small_caps):
    """B2: what no member does alone, an archive may not do with all of them."""
    roomy = dataclasses.replace(small_caps, archive=1 << 20)
    make_zip(place, [(f"{at:02}.ogg", bytes(2_000)) for at in range(20)])
    files, refused = taken(roomy)
    assert list(files) == ["music.pk3!/00.ogg"]
    assert set(refused.values()) == {"archive-bomb"}


def test_sizes_are_capped_one_by_one_and_together(taken, place, make_zip, small_caps):
    """B2: neither one member nor all of them fill the disk."""
    noise = random.Random(1).randbytes(6_000)  # noqa: S311 - content that does not compress
    members = [("1.ogg", noise), *((f"{n}.ogg", noise[:3_000]) for n in (2, 3, 4))]
    make_zip(place, members)
    files, refused = taken(small_caps)
    assert list(files) == ["music.pk3!/2.ogg", "music.pk3!/3.ogg"]
    assert refused == {"music.pk3!/1.ogg": "archive-too-large", "music.pk3!/4.ogg": "archive-too-large"}


def test_too_many_members_refuse_the_archive(taken, place, make_zip, small_caps):
    """B2: the count is capped before anything is unpacked."""
    make_zip(place, [(f"{n}.ogg", b"") for n in range(21)])
    assert taken(small_caps) == ({}, {"music.pk3": "archive-too-many-members"})


def test_an_index_that_claims_gigabytes_is_not_read(taken, place, make_zip, ogg, small_caps):
    """B2: the central directory's size is checked before memory is taken for it."""
    make_zip(place, [("a" * 200 + f"{n}.ogg", ogg) for n in range(300)])
    assert taken(small_caps) == ({}, {"music.pk3": "archive-index-too-large"})


def test_overlapping_members_are_refused(taken, place, make_zip, ogg):
    """B2: two entries over the same bytes unpack one of them twice: neither is taken."""
    make_zip(place, [("a.ogg", ogg), ("b.ogg", ogg), ("c.ogg", ogg)], zipfile.ZIP_STORED)
    raw = bytearray(place.read_bytes())
    entries = [at for at in range(len(raw)) if raw[at : at + 4] == b"PK\1\2"]
    raw[entries[1] + 42 : entries[1] + 46] = raw[entries[0] + 42 : entries[0] + 46]
    raw[entries[1] + 46 : entries[1] + 51] = b"x.ogg"
    place.write_bytes(raw)
    files, refused = taken()
    assert list(files) == ["music.pk3!/c.ogg"]
    assert refused == {"music.pk3!/a.ogg": "archive-overlap", "music.pk3!/x.ogg": "archive-overlap"}


@pytest.mark.parametrize("claim", [10, 10_000])
def test_a_lying_size_is_found(taken, place, make_zip, ogg, claim):
    """B2: a member that is longer or shorter than it says is refused."""
    make_zip(place, [("a.ogg", ogg)])
    raw = bytearray(place.read_bytes())
    at = raw.index(b"PK\1\2")
    raw[at + 24 : at + 28] = struct.pack("<L", claim)
    place.write_bytes(raw)
    files, refused = taken()
    assert files == {}
    assert set(refused.values()) <= {"archive-member-broken", "archive-lying-size"}
    assert len(refused) == 1


def test_encrypted_and_unknown_methods_are_refused(taken, place, make_zip, ogg):
    """No password is guessed, and methods that cost memory without end are not read."""
    make_zip(place, [("a.ogg", ogg), ("b.ogg", ogg)])
    raw = bytearray(place.read_bytes())
    first, second = (at for at in range(len(raw)) if raw[at : at + 4] == b"PK\1\2")
    raw[first + 8] |= 1
    raw[second + 10] = 14
    place.write_bytes(raw)
    assert taken() == ({}, {"music.pk3!/a.ogg": "archive-encrypted", "music.pk3!/b.ogg": "archive-method"})


@pytest.mark.parametrize("count", [2, 3])
def test_members_of_one_name_are_refused_together(taken, place, make_zip, ogg, count):
    """Keys must be unique, and which of two members is the track must not depend on their order."""
    with pytest.warns(UserWarning, match="Duplicate"):
        make_zip(place, [*(("a.ogg", ogg + bytes([at])) for at in range(count)), ("b.ogg", ogg)])
    assert ({"music.pk3!/b.ogg": ogg}, {"music.pk3!/a.ogg": "duplicate-name"}) == taken()


def test_two_texts_of_one_name_are_no_text(tmp_path, place, taken, make_zip, ogg):
    """Which of them holds cannot be told, so neither does; and neither is silence."""
    with pytest.warns(UserWarning, match="Duplicate"):
        make_zip(place, [("LICENSE", b"CC0"), ("LICENSE", b"all rights reserved"), ("b.ogg", ogg)])
    _, tree = islice(walk(tmp_path / "in", tmp_path / "scratch"), 2)
    assert [(document.path, document.text) for document in tree.documents] == [("music.pk3!/LICENSE", "")]
    assert tree.documents[0].unread == "there are two texts of this name"


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 50, b"PK\5\6" + bytes(18)])
def test_what_is_no_archive_is_refused_or_empty(taken, place, content):
    """A name alone makes no archive."""
    place.write_bytes(content)
    files, refused = taken()
    assert files == {}
    assert set(refused.values()) <= {"archive-broken"}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_mutated_archives_never_raise(tmp_path_factory, data):
    """Whatever bytes change or vanish, the answer is files and refusals (150 mutants)."""
    root = tmp_path_factory.mktemp("mutant")
    (root / "in").mkdir()
    place = root / "in" / "a.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.ogg", "d/b.ogg", "LICENSE"):
            archive.writestr(name, b"OggS" * 30)
    raw = bytearray(place.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    place.write_bytes(raw[: data.draw(st.integers(len(raw) // 2, len(raw)))])
    for tree in walk(root / "in", root / "scratch"):
        assert {"scratch", "in"} >= {path.name for path in root.iterdir()}
        assert all(file.root == root / "scratch" for file in tree.files)
