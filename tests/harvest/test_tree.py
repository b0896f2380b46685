import gzip
import os
import socket

import pytest

from tenuto.harvest.names import audio_suffix, is_document, unsafe
from tenuto.harvest.tree import walk
from tenuto.model.errors import NotFoundError, UnsafeInputError


def paths(tree):
    return [file.path for file in tree.files]


def codes(tree):
    return {path: failure.code for path, failure in tree.refused}


def test_audio_is_found_by_extension_in_byte_order(tmp_path, ogg):
    """Every audio extension counts in any case; the order is that of the bytes."""
    names = ["b/x.MP3", "a.flac", "B.ogg", "b.oga", "c.opus", "d.m4a", "e.wav", "f.aif", "g.aiff", "\xe9.ogg"]
    root = tmp_path / "in"
    for name in [*names, "cover.jpg", "list.m3u", "noext"]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(ogg)
    (tree,) = walk(root, tmp_path / "scratch")
    assert sorted(names, key=os.fsencode) == paths(tree)
    assert {len(ogg)} == {file.size for file in tree.files}
    assert (root, "B.ogg") == (tree.files[0].root, tree.files[0].inside)
    assert (root / "B.ogg").stat().st_mtime_ns == tree.files[0].modified_ns
    assert tree.refused == ()


@pytest.mark.parametrize(
    "name",
    [b"new\nline.ogg", b"\xff\xfe\x00.ogg"[:2] + b".ogg", "\u202egnp.ogg".encode(), b"-rf.ogg", b"a" * 251 + b".ogg"],
    ids=["newline", "invalid-utf8", "bidi", "leading-dash", "255-bytes"],
)
def test_odd_names_are_taken_as_they_are(tmp_path, ogg, name):
    """A name that the disk holds is kept byte for byte, as PEP 383 text."""
    root = tmp_path / "in"
    root.mkdir()
    with open(os.path.join(os.fsencode(root), name), "wb") as stream:  # noqa: PTH118, PTH123 - a name of bytes
        stream.write(ogg)
    (tree,) = walk(root, tmp_path / "scratch")
    (file,) = tree.files
    assert name == file.path.encode("utf-8", "surrogateescape")
    with file.open() as opened, opened.stream() as stream:
        assert ogg == stream.read()


def test_links_devices_and_folders_behind_links_are_refused(tmp_path, ogg):
    """Nothing is followed: each link and each odd file that could be music is refused with its reason."""
    root, outside = tmp_path / "in", tmp_path / "out"
    root.mkdir()
    outside.mkdir()
    (outside / "secret.ogg").write_bytes(ogg)
    (root / "real.ogg").write_bytes(ogg)
    (root / "inside.ogg").symlink_to("real.ogg")
    (root / "outside.ogg").symlink_to(outside / "secret.ogg")
    (root / "dangling.ogg").symlink_to("/nowhere/at/all")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(".")
    (root / "notes.txt").symlink_to(outside / "secret.ogg")
    os.mkfifo(root / "pipe.ogg")
    os.mkfifo(root / "LICENSE")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "s.ogg"))
    (tree,) = walk(root, tmp_path / "scratch")
    assert paths(tree) == ["real.ogg"]
    assert codes(tree) == {
        "inside.ogg": "symlink",
        "outside.ogg": "symlink-outside",
        "dangling.ogg": "symlink-outside",
        "folder": "symlink-outside",
        "loop": "symlink",
        "pipe.ogg": "not-a-regular-file",
        "LICENSE": "not-a-regular-file",
        "s.ogg": "not-a-regular-file",
    }


def test_texts_about_rights_are_read_and_capped(tmp_path, small_caps):
    """Licence texts come along, within the caps for one and for all; under LICENSES/ the name is enough."""
    root = tmp_path / "in"
    (root / "LICENSES").mkdir(parents=True)
    (root / "LICENSES" / "CC0-1.0.txt").write_text("long text", "utf-8")
    (root / "LICENSE.txt").write_bytes(b"\xef\xbb\xbfCC BY 4.0 \xff")
    (root / "a.ogg.license").write_text("SPDX-License-Identifier: CC0-1.0\n", "utf-8")
    (root / "COPYING").write_bytes(b"x" * 101)
    (root / "ZZ").mkdir()
    for number in range(4):
        (root / "ZZ" / f"LICENCE-{number}").write_bytes(b"y" * 90)
    (tree,) = walk(root, tmp_path / "scratch", small_caps)
    assert {
        "LICENSE.txt": "CC BY 4.0 \udcff",
        "LICENSES/CC0-1.0.txt": "",
        "ZZ/LICENCE-0": "y" * 90,
        "ZZ/LICENCE-1": "y" * 90,
        "a.ogg.license": "SPDX-License-Identifier: CC0-1.0\n",
    }.items() >= {document.path: document.text for document in tree.documents if not document.unread}.items()
    assert codes(tree)["COPYING"] == "document-too-large"
    assert "too-many-documents" in codes(tree).values()


def test_a_path_longer_than_the_system_allows_is_refused(tmp_path, ogg, small_caps):
    """Folders inside folders end somewhere; the rest of the tree is read."""
    root = tmp_path / "in"
    root.mkdir()
    (root / "ok.ogg").write_bytes(ogg)
    place = os.open(root, os.O_RDONLY)
    for _ in range(130):
        os.mkdir("d" * 200, dir_fd=place)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = deeper
    os.close(place)
    (tree,) = walk(root, tmp_path / "scratch", small_caps)
    assert paths(tree) == ["ok.ogg"]
    assert {"path-too-long"} == set(codes(tree).values())


def test_what_was_swapped_after_it_was_listed_is_not_followed(tmp_path, ogg):
    """B6: a file, or a folder on the way to it, that becomes a link after it was listed leads nowhere."""
    root, outside = tmp_path / "in", tmp_path / "out"
    for folder in (root / "album", outside):
        folder.mkdir(parents=True)
        (folder / "a.ogg").write_bytes(ogg)
    (root / "b.ogg").write_bytes(ogg)
    (tree,) = walk(root, tmp_path / "scratch")
    album, single = tree.files
    (root / "album").rename(root / "elsewhere")
    (root / "album").symlink_to(outside)
    (root / "b.ogg").unlink()
    (root / "b.ogg").symlink_to(outside / "a.ogg")
    for file in (album, single):
        with pytest.raises(UnsafeInputError, match="symbolic link"):
            file.open()


def test_a_text_that_was_not_read_is_kept_in_mind(tmp_path, small_caps):
    """Too large, out of the collection, no file, unreadable: each may forbid what others allow, so none is silence."""
    root, outside = tmp_path / "in", tmp_path / "out"
    (root / "album").mkdir(parents=True)
    outside.write_text("CC0", "utf-8")
    (root / "COPYING").write_bytes(b"x" * 101)
    (root / "LICENSE").symlink_to(outside)
    os.mkfifo(root / "COPYRIGHT")
    (root / "LICENCE.txt").symlink_to("LICENCE.txt")
    (root / "album" / "LICENSE").symlink_to("../UNLICENSE")
    (root / "UNLICENSE").write_text("public domain", "utf-8")
    (tree,) = walk(root, tmp_path / "scratch", small_caps)
    told = {document.path: (document.text, document.unread) for document in tree.documents}
    assert told.pop("album/LICENSE") == told.pop("UNLICENSE") == ("public domain", "")
    assert sorted(told) == ["COPYING", "COPYRIGHT", "LICENCE.txt", "LICENSE"]
    assert all(text == "" and unread for text, unread in told.values())
    assert set(told) == set(codes(tree))


def test_a_folder_with_the_name_of_an_archives_inside_refuses_the_archive(tmp_path, ogg, make_zip):
    """`a.pk3!/b.ogg` would be two tracks with one key: the one that is no trick is taken."""
    root = tmp_path / "in"
    (root / "a.pk3!").mkdir(parents=True)
    (root / "a.pk3!" / "b.ogg").write_bytes(ogg)
    make_zip(root / "a.pk3", [("b.ogg", ogg + b"other")])
    (tree,) = walk(root, tmp_path / "scratch")
    assert paths(tree) == ["a.pk3!/b.ogg"]
    assert codes(tree) == {"a.pk3": "duplicate-name"}


@pytest.mark.parametrize("name", ["LICENSE.pdf", "licence.docx", "COPYING.svg", "COPYRIGHT.png", "LICENSE.gz"])
def test_a_licence_that_is_no_plain_text_is_missed(tmp_path, name):
    """It may say anything, so it is kept as a text that was not read; it is not refused as if it were music."""
    content = gzip.compress(b"CC0") if name.endswith(".gz") else b"CC0"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(content)
    (tree,) = walk(tmp_path / "in", tmp_path / "scratch")
    assert [(found.path, found.text, found.unread) for found in tree.documents] == [(name, "", "it is no plain text")]
    assert tree.refused == ()


def test_a_missing_folder_is_named(tmp_path):
    """A folder that is not there is the person's mistake."""
    with pytest.raises(NotFoundError, match="no folder"):
        walk(tmp_path / "nothing", tmp_path / "scratch")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LICENSE", True),
        ("licence.txt", True),
        ("Copying.LESSER", True),
        ("COPYRIGHT.md", True),
        ("a/b/x.flac.license", True),
        ("REUSE.toml", True),
        (".reuse/dep5", True),
        ("LICENSES/MIT.txt", True),
        ("LICENSE_music.txt", True),
        ("a.flac.LICENSE", True),
        ("album/reuse.toml", True),
        ("album/.reuse/dep5", True),
        ("x.reuse/dep5", False),
        ("license.png", True),
        ("LICENSE.pdf", True),
        ("Licence to Kill.ogg", False),
        ("licensed.py", False),
        ("readme.txt", False),
    ],
)
def test_what_counts_as_a_text_about_rights(name, expected):
    """Names decide what is read."""
    assert expected == is_document(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b.ogg", None),
        ("-a\n\u202e.ogg", None),
        ("../a.ogg", "unsafe-path"),
        ("a/../../b.ogg", "unsafe-path"),
        ("..\\a.ogg", "unsafe-path"),
        ("/etc/a.ogg", "unsafe-path"),
        ("C:\\a.ogg", "unsafe-path"),
        ("a//b.ogg", "unsafe-path"),
        ("./a.ogg", "unsafe-path"),
        ("a\0.ogg", "unsafe-name"),
        ("a" * 256, "path-too-long"),
        ("a/" * 2100 + "b.ogg", "path-too-long"),
    ],
)
def test_names_inside_archives_are_judged(name, expected):
    """A member's name may not climb, be absolute, or be longer than any file system takes (B1)."""
    failure = unsafe(name)
    assert expected == (failure.code if failure else None)


def test_an_audio_suffix_is_lower_case():
    """The suffix goes into names we make, so it is one of a closed list."""
    assert [audio_suffix(name) for name in ("a.OGG", "b.c.Mp3", "ogg", "x.ogg/y")] == [".ogg", ".mp3", None, None]
