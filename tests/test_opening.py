"""Opening: links lead nowhere, odd files are not waited for, and a change is noticed."""

import os
import socket
from pathlib import Path

import pytest

from tenuto.model.errors import IntegrityError, UnsafeInputError
from tenuto.opening import open_beneath, open_file, open_folder


@pytest.fixture
def root(tmp_path):
    """Make a folder with a file two folders down, and a secret beside it."""
    (tmp_path / "root" / "a" / "b").mkdir(parents=True)
    (tmp_path / "root" / "a" / "b" / "c.ogg").write_bytes(b"bits")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "c.ogg").write_bytes(b"secret")
    return tmp_path / "root"


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_file_below_is_opened_with_its_facts(root):
    """The descriptor is the file's, its facts are those of the moment, and closing leaves nothing open."""
    before = descriptors()
    with open_beneath(root, "a/b/c.ogg") as file:
        assert (file.name, file.facts.st_size) == ("c.ogg", 4)
        with file.stream() as stream:
            assert stream.read() == b"bits"
        with file.stream() as stream:
            assert stream.read() == b"bits"
        file.check_unchanged()
    with open_file(root / "a" / "b" / "c.ogg") as file:
        assert os.pread(file.descriptor, 9, 0) == b"bits"
    assert before == descriptors()


@pytest.mark.parametrize("link", ["a", "a/b", "a/b/c.ogg"])
def test_no_part_of_the_path_may_be_a_link(root, link):
    """B6: neither the file nor a folder on the way to it; the root itself is the caller's own word."""
    before = descriptors()
    (root / link).rename(root / "moved")
    (root / link).symlink_to(root / "moved")
    with pytest.raises(UnsafeInputError, match="is a symbolic link, or lies behind one"):
        open_beneath(root, "a/b/c.ogg")
    assert before == descriptors()


@pytest.mark.parametrize("path", ["../out/c.ogg", "a/../../out/c.ogg", "/etc/passwd", "a//b/c.ogg", "./a", "a/.", ""])
def test_only_paths_that_go_down_are_taken(root, path):
    """Empty parts and dots are refused, whatever they would lead to."""
    with pytest.raises(UnsafeInputError, match="has an empty"):
        open_beneath(root, path)


def test_what_is_no_regular_file_is_refused_without_waiting(root):
    """A folder, a FIFO and a socket are no files; a FIFO without a writer does not block."""
    before = descriptors()
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "s"))
        with pytest.raises(OSError, match="No such device"):
            open_beneath(root, "s")
    for name in ("pipe", "a"):
        with pytest.raises(UnsafeInputError, match="no regular file"):
            open_beneath(root, name)
    with pytest.raises(FileNotFoundError):
        open_beneath(root, "absent")
    assert before == descriptors()


def test_a_change_is_noticed_even_if_its_time_is_set_back(root):
    """Size and modification time can be restored; the change time cannot."""
    path = root / "a" / "b" / "c.ogg"
    before = path.stat()
    with open_file(path) as file:
        path.write_bytes(b"evil")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(IntegrityError, match=r"'c\.ogg' changed while it was read"):
            file.check_unchanged()


def test_a_folder_is_opened_by_its_parts(root):
    """An empty path is the root; a path deeper than the system's limit for one call is no obstacle."""
    for path in ("", "a/b"):
        folder = open_folder(root, path)
        assert os.path.samestat(os.fstat(folder), (root / path).stat())
        os.close(folder)
