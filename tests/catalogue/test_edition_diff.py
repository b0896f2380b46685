import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import pytest

from tenuto.catalogue.build import build
from tenuto.catalogue.editions.apply import apply_patch
from tenuto.catalogue.editions.diff import write_diff
from tenuto.catalogue.editions.manifest import digest
from tenuto.catalogue.editions.patch import read_head
from tenuto.catalogue.editions.policy import Policy
from tenuto.catalogue.editions.small import write_small
from tenuto.model.errors import CatalogueError, IntegrityError, NotFoundError
from tenuto.model.progress import Silent


@pytest.fixture(scope="module")
def made(write, make, tmp_path_factory):
    """Give two builds of 400 tracks, of which the newer lacks some and has others, and the patch between them."""
    root = tmp_path_factory.mktemp("made")
    old = [make(f"{n:04}.ogg", n, f"Artist {n % 40}", f"Song {n}") for n in range(400)]
    new = old[5:380] + [make(f"{n:04}.ogg", n, f"Artist {n % 40}", f"Ballad {n}") for n in range(390, 410)]
    for name, chosen in (("old", old), ("new", new)):
        build(write(root / f"{name}-records", tuple(chosen)), root / f"{name}.sqlite3", Silent())
    write_diff(root / "old.sqlite3", root / "new.sqlite3", root / "patch", Silent())
    return root


@pytest.fixture
def pair(made, tmp_path_factory):
    """Copy the two builds and their patch for a test of their own."""
    root = tmp_path_factory.mktemp("pair")
    for name in ("old.sqlite3", "new.sqlite3", "patch"):
        shutil.copy(made / name, root / name)
    return root


def test_a_patch_turns_the_old_build_into_the_new_one(pair, tmp_path):
    """The result is the newer build, byte for byte, by rows, and the old one stays."""
    before = digest(pair / "old.sqlite3")
    head = apply_patch(pair / "patch", pair / "old.sqlite3", tmp_path / "made.sqlite3", Silent())
    assert (pair / "new.sqlite3").read_bytes() == (tmp_path / "made.sqlite3").read_bytes()
    assert (before, digest(tmp_path / "made.sqlite3"), False) == (head.old_sha256, head.new_sha256, head.whole)
    assert before == digest(pair / "old.sqlite3")
    assert [tmp_path / "made.sqlite3"] == list(tmp_path.iterdir())


def test_a_patch_is_small(pair):
    """A patch of a twentieth of the rows is far smaller than the build."""
    assert (pair / "patch").stat().st_size < (pair / "new.sqlite3").stat().st_size / 8


def test_the_same_builds_give_the_same_patch(pair, tmp_path):
    """A patch made twice has the same bytes."""
    write_diff(pair / "old.sqlite3", pair / "new.sqlite3", tmp_path / "again", Silent())
    assert (pair / "patch").read_bytes() == (tmp_path / "again").read_bytes()


def test_a_patch_may_replace_the_old_build(pair):
    """Applied in place, the old name holds the new build; applied again, it is told that nothing is to do."""
    old = pair / "old.sqlite3"
    apply_patch(pair / "patch", old, old, Silent())
    assert digest(pair / "new.sqlite3") == digest(old)
    with pytest.raises(IntegrityError) as caught:
        apply_patch(pair / "patch", old, old, Silent())
    assert "new catalogue already" in caught.value.hint


def test_another_old_build_is_refused(pair, built, tmp_path):
    """A catalogue that the patch is not for stays as it is, and the hint names the one it is for."""
    with pytest.raises(IntegrityError, match="not the catalogue") as caught:
        apply_patch(pair / "patch", built.path, tmp_path / "made", Silent())
    assert read_head(pair / "patch").old_sha256 in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_everything_in_the_catalogue_is_carried(built, pair, tmp_path):
    """A build with every kind of row comes out of one that has nothing in common with it, and the other way round."""
    for number, (old, new) in enumerate(((pair / "new.sqlite3", built.path), (built.path, pair / "new.sqlite3"))):
        report = write_diff(old, new, tmp_path / f"{number}.patch", Silent())
        apply_patch(tmp_path / f"{number}.patch", old, tmp_path / f"{number}.sqlite3", Silent())
        assert new.read_bytes() == (tmp_path / f"{number}.sqlite3").read_bytes()
        assert not report.head.whole


def test_what_rows_do_not_give_is_carried_whole(built, tmp_path):
    """A file of our schema that no build made, here a small edition, comes out byte for byte all the same."""
    write_small(built.path, tmp_path / "small", Policy(share=1.0), Silent())
    report = write_diff(built.path, tmp_path / "small", tmp_path / "patch", Silent())
    apply_patch(tmp_path / "patch", built.path, tmp_path / "made", Silent())
    assert (tmp_path / "small").read_bytes() == (tmp_path / "made").read_bytes()
    assert report.head.whole


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.99])
def test_a_damaged_patch_changes_nothing(pair, tmp_path, place):
    """A patch with one byte changed, or cut, gives a typed error or the right build, never a wrong one."""
    content = bytearray((pair / "patch").read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    (tmp_path / "bad").write_bytes(content)
    (tmp_path / "cut").write_bytes(content[: int(len(content) * place)])
    for name in ("bad", "cut"):
        try:
            apply_patch(tmp_path / name, pair / "old.sqlite3", tmp_path / "made", Silent())
        except (IntegrityError, CatalogueError):
            assert not (tmp_path / "made").exists()
        else:
            assert digest(pair / "new.sqlite3") == digest(tmp_path / "made")
            (tmp_path / "made").unlink()


def test_a_patch_that_promises_other_bytes_is_refused(pair, tmp_path):
    """What comes out is held against the digest in the patch before it gets its name."""
    promised = read_head(pair / "patch").new_sha256
    with zipfile.ZipFile(pair / "patch") as source, zipfile.ZipFile(tmp_path / "lying", "w") as sink:
        for entry in source.infolist():
            sink.writestr(entry.filename, source.read(entry).replace(promised.encode(), b"0" * 64))
    with pytest.raises(IntegrityError, match="other bytes than it promises"):
        apply_patch(tmp_path / "lying", pair / "old.sqlite3", tmp_path / "made", Silent())
    assert [tmp_path / "lying"] == list(tmp_path.iterdir())


def test_what_is_absent_is_named(pair, tmp_path):
    """An absent patch and an absent catalogue are told apart from damaged ones."""
    with pytest.raises(NotFoundError):
        apply_patch(tmp_path / "absent", pair / "old.sqlite3", tmp_path / "made", Silent())
    with pytest.raises(NotFoundError):
        write_diff(tmp_path / "absent", pair / "new.sqlite3", tmp_path / "made", Silent())


@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9, 1.2, 1.5, 2.0])
def test_a_kill_leaves_the_old_build_or_the_new_one(pair, seconds):
    """Killed at any moment while it replaces the old file, the name holds one of the two builds."""
    old, sums = pair / "old.sqlite3", {digest(pair / "old.sqlite3"), digest(pair / "new.sqlite3")}
    command = [sys.executable, "-m", "tenuto", "editions", "apply", str(pair / "patch"), str(old)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert digest(old) in sums


def test_rows_that_went_while_their_owner_stayed_are_gone(write, make, tmp_path):
    """A track that lost its second genre loses it by a patch of rows too."""
    track = make("one.ogg", 1, "Somebody", "Song")
    for name, genres in (("old", ("Folk", "Rock")), ("new", ("Folk",))):
        judged = replace(track, track=replace(track.track, genres=genres))
        build(write(tmp_path / f"{name}-records", (judged,)), tmp_path / f"{name}.sqlite3", Silent())
    report = write_diff(tmp_path / "old.sqlite3", tmp_path / "new.sqlite3", tmp_path / "patch", Silent())
    apply_patch(tmp_path / "patch", tmp_path / "old.sqlite3", tmp_path / "made", Silent())
    assert (tmp_path / "new.sqlite3").read_bytes() == (tmp_path / "made").read_bytes()
    assert not report.head.whole
