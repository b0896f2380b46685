import dataclasses
import gzip
import random
import shutil
import tarfile
import time
import zipfile

import pytest

from tenuto.harvest.deb import unpack
from tenuto.model.errors import IntegrityError, TenutoError, UnsafeInputError

pytestmark = pytest.mark.skipif(
    not shutil.which("dpkg-deb"), reason="dpkg-deb is not on this machine (Debian package dpkg)"
)

MUSIC = "./usr/share/games/g/music/a.ogg"


def codes(tree):
    return {path: failure.code for path, failure in tree.refused}


@pytest.mark.parametrize("compression", ["gz", "xz"])
def test_audio_and_copyright_come_out(tmp_path, make_deb, entry, ogg, compression):
    """Audio, texts about rights and nothing else; paths are those of the installed files."""
    folder = entry("./usr/share/games/g/", kind=tarfile.DIRTYPE)
    members = [
        folder,
        entry(MUSIC),
        entry("./usr/share/doc/g/copyright", b"text"),
        entry("./usr/share/doc/g/copyright.more.gz", gzip.compress(b"more")),
        entry("./usr/share/doc/g/changelog.gz", b"no"),
        entry("./usr/share/games/g/music/license.txt", b"CC0"),
        entry("./usr/games/g", b"\x7fELF"),
    ]
    tree = unpack(make_deb(tmp_path / "g.deb", members, compression), tmp_path / "out")
    assert [("usr/share/games/g/music/a.ogg", len(ogg), 1_600_000_000 * 10**9)] == [
        (file.path, file.size, file.modified_ns) for file in tree.files
    ]
    assert ogg == (tree.files[0].root / tree.files[0].inside).read_bytes()
    assert {document.path: document.text for document in tree.documents} == {
        "usr/share/doc/g/copyright": "text",
        "usr/share/doc/g/copyright.more.gz": "more",
        "usr/share/games/g/music/license.txt": "CC0",
    }
    assert tree.facts == (("programs", "1"),)
    assert tree.refused == ()


def test_hostile_members_are_refused(tmp_path, make_deb, entry, ogg):
    """B1: every trick is refused with its reason; nothing is written outside, the good file is taken."""
    members = [
        entry("../../up.ogg"),
        entry("/etc/absolute.ogg"),
        entry("./usr/link.ogg", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        entry("./usr/hard.ogg", kind=tarfile.LNKTYPE, link="./usr/share/games/g/music/a.ogg"),
        entry("./usr/disk.ogg", kind=tarfile.BLKTYPE),
        entry("./usr/pipe.ogg", kind=tarfile.FIFOTYPE),
        entry("./usr/root.ogg", mode=0o4755),
        entry("./" + "p/" * 2100 + "long.ogg"),
        entry("./usr/twice.ogg"),
        entry(MUSIC),
        entry("./usr/twice.ogg", ogg + b"again"),
        entry("./usr/share/doc/g/copyright", kind=tarfile.SYMTYPE, link="/etc/passwd"),
    ]
    before = sorted(tmp_path.iterdir())
    tree = unpack(make_deb(tmp_path / "g.deb", members), tmp_path / "out")
    assert codes(tree) == {
        "../../up.ogg": "unsafe-path",
        "/etc/absolute.ogg": "unsafe-path",
        "usr/link.ogg": "symlink",
        "usr/hard.ogg": "hard-link",
        "usr/disk.ogg": "not-a-regular-file",
        "usr/pipe.ogg": "not-a-regular-file",
        "usr/root.ogg": "setuid",
        "p/" * 2100 + "long.ogg": "path-too-long",
        "usr/twice.ogg": "duplicate-name",
        "usr/share/doc/g/copyright": "symlink",
    }
    assert [(document.path, bool(document.unread)) for document in tree.documents] == [
        ("usr/share/doc/g/copyright", True)
    ]
    assert [file.path for file in tree.files] == ["usr/share/games/g/music/a.ogg"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["000001.ogg", "000002.ogg", "000003.ogg"]
    assert [*before, tmp_path / "g.deb", tmp_path / "out"] == sorted(tmp_path.iterdir())


def test_an_archive_in_the_package_is_opened_and_its_copy_removed(tmp_path, make_deb, make_zip, entry, ogg):
    """Music inside a .pk3 is found, with the package's own time, so that a second reading is the same."""
    archive = make_zip(tmp_path / "x.zip", [("sound/a.ogg", ogg)], zipfile.ZIP_STORED).read_bytes()
    deb = make_deb(tmp_path / "g.deb", [entry("./usr/share/games/g/data.pk3", archive)])
    tree = unpack(deb, tmp_path / "out")
    (file,) = tree.files
    assert file.path == "usr/share/games/g/data.pk3!/sound/a.ogg"
    assert file.modified_ns == 1_600_000_000 * 10**9
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["000002.ogg"]


@pytest.mark.parametrize("keep", [0, 8, 60, 150, -200, -600])
def test_a_cut_package_is_an_integrity_error(tmp_path, make_deb, entry, keep):
    """A package that ends too soon is no package, wherever it ends."""
    noise = random.Random(2).randbytes(3_000)  # noqa: S311 - content that does not compress
    deb = make_deb(tmp_path / "g.deb", [entry(MUSIC, noise)])
    deb.write_bytes(deb.read_bytes()[:keep])
    with pytest.raises(IntegrityError, match=r"g\.deb is cut or damaged"):
        unpack(deb, tmp_path / "out")


def test_caps_hold(tmp_path, make_deb, entry, small_caps):
    """Too large a member is refused, too many members end the reading."""
    deb = make_deb(tmp_path / "g.deb", [entry(MUSIC, bytes(5_001)), entry("./usr/share/doc/g/copyright", b"x" * 101)])
    assert sorted(codes(unpack(deb, tmp_path / "1", small_caps)).values()) == [
        "document-too-large",
        "package-too-large",
    ]
    deb = make_deb(tmp_path / "h.deb", [entry(f"./usr/{n}.ogg", b"") for n in range(21)])
    with pytest.raises(UnsafeInputError, match="too many members"):
        unpack(deb, tmp_path / "2", small_caps)


def test_a_header_that_asks_for_gigabytes_is_not_read(tmp_path, make_deb, entry, small_caps):
    """B2: a long-name extension of 60 kB meets the cap for headers, far below the cap for the whole."""
    roomy = dataclasses.replace(small_caps, archive=1 << 30)
    deb = make_deb(tmp_path / "g.deb", [entry("./" + "a/" * 30_000 + "b.ogg")])
    with pytest.raises(UnsafeInputError, match="more than is read"):
        unpack(deb, tmp_path / "out", roomy)


def test_a_header_that_claims_more_than_any_disk_holds_ends_at_once(tmp_path, make_deb, entry):
    """B2: a member of 2^60 bytes that are not there is neither waited for nor stepped over block by block."""
    huge, content = entry("./usr/huge.ogg")
    unwanted, _ = entry("./usr/huge.txt")
    for info in (huge, unwanted):
        deb = make_deb(tmp_path / "g.deb", [(info, content)], claimed=1 << 60)
        started = time.monotonic()
        with pytest.raises(IntegrityError, match="more bytes than there are"):
            unpack(deb, tmp_path / "out")
        assert time.monotonic() - started < 5


def test_a_package_whose_check_sum_is_wrong_is_an_integrity_error(tmp_path, make_deb, entry):
    """The tar stream is whole, but the unpacker says at its end that the compressed bytes were not."""
    padding = bytes(1 << 20)  # behind the archive's end, so that what the unpacker holds back is not part of it
    deb = make_deb(tmp_path / "g.deb", [entry(MUSIC)], tail=padding)
    assert len(unpack(deb, tmp_path / "good").files) == 1
    raw = bytearray(deb.read_bytes())
    place = raw.rindex((len(padding) + 10_240).to_bytes(4, "little"))  # RFC 1952: the length ends a gzip member
    raw[place - 1] ^= 1  # the CRC-32 stands before it
    deb.write_bytes(raw)
    with pytest.raises(IntegrityError, match=r"g\.deb is cut or damaged: dpkg-deb"):
        unpack(deb, tmp_path / "out")


def test_bytes_that_changed_never_leak_another_error(tmp_path, make_deb, entry):
    """Of 60 packages with changed bytes each is read or refused as one of our errors."""
    deb = make_deb(tmp_path / "g.deb", [entry(MUSIC), entry("./usr/share/doc/g/copyright", b"text")])
    good, chance = deb.read_bytes(), random.Random(3)  # noqa: S311 - the same mutants each time
    outcomes = set()
    for number in range(60):
        raw = bytearray(good)
        for _ in range(3):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        deb.write_bytes(raw)
        try:
            unpack(deb, tmp_path / f"out{number}")
            outcomes.add("read")
        except TenutoError:
            outcomes.add("refused")
    assert "refused" in outcomes
