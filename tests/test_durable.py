import os
from pathlib import Path

import pytest

from tenuto.durable import TEMPORARY, exchange, publish, storage, sweep, sync_filesystem, write_file, writing
from tenuto.model.errors import StorageError


def test_a_file_appears_whole(tmp_path):
    """What is written is there, and nothing else."""
    write_file(tmp_path / "new" / "a", b"x")
    assert (tmp_path / "new" / "a").read_bytes() == b"x"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    """Where writing breaks off, the old content stays and no trace of the new remains."""
    write_file(tmp_path / "a", b"old")

    def interrupted():
        with writing(tmp_path / "a") as stream:
            stream.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_is_a_storage_error():
    """The operating system's refusal names the path and is typed."""
    with (
        pytest.raises(StorageError, match="/dev/full"),
        storage(Path("/dev/full")),
        Path("/dev/full").open("wb") as full,
    ):
        full.write(b"x" * 100_000)


def test_a_missing_place_is_a_storage_error(tmp_path):
    """Renaming what is not there is refused in the same words."""
    with pytest.raises(StorageError):
        publish(tmp_path / "nothing", tmp_path / "a")


def test_sweeping_removes_what_a_crash_left_and_nothing_else(tmp_path):
    """Temporary files and folders go, links are not followed, finished files stay."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_bytes(b"x")
    place = tmp_path / "place"
    (place / f"{TEMPORARY}bag" / "data").mkdir(parents=True)
    (place / f"{TEMPORARY}bag" / "data" / "f").write_bytes(b"x")
    (place / f"{TEMPORARY}file").write_bytes(b"x")
    (place / f"{TEMPORARY}link").symlink_to(outside)
    (place / "finished").write_bytes(b"x")
    (place / "below").mkdir()
    (place / "below" / f"{TEMPORARY}file").write_bytes(b"x")
    assert sweep(place) == 3
    assert sweep(place, deep=True) == 1
    (place / "below").rmdir()
    assert [path.name for path in place.iterdir()] == ["finished"]
    assert (outside / "kept").exists()


def test_sweeping_what_is_not_there_is_no_error(tmp_path):
    """A new archive has nothing to sweep."""
    assert sweep(tmp_path / "nothing") == 0


def test_the_file_system_can_be_made_durable(tmp_path):
    """One call flushes all that was written; it fails by a typed error."""
    sync_filesystem(tmp_path)
    with pytest.raises(StorageError):
        sync_filesystem(tmp_path / "nothing")


def test_long_names_fit(tmp_path):
    """A name of 255 bytes can be written, though the temporary name is longer."""
    write_file(tmp_path / ("n" * 255), b"x")
    assert os.listdir(tmp_path) == ["n" * 255]  # noqa: PTH208 - names as the system gives them


def test_exchange_leaves_the_old_directory_in_the_other_place(tmp_path):
    """A finished directory takes the place of an old one in one step, or an empty place."""
    new, old = tmp_path / "new", tmp_path / "old"
    new.mkdir()
    (new / "file").write_text("new", "ascii")
    exchange(new, old)
    assert ((old / "file").read_text("ascii"), new.exists()) == ("new", False)
    new.mkdir()
    (new / "file").write_text("newer", "ascii")
    exchange(new, old)
    assert ((old / "file").read_text("ascii"), (new / "file").read_text("ascii")) == ("newer", "new")
