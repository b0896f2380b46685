import os

import pytest

from tenuto.durable import TEMPORARY
from tenuto.flow.archive import init_archive, open_archive
from tenuto.model.errors import ConfigError, NotFoundError, StorageError, UsageError


def test_a_new_archive_can_be_opened(archive):
    """What init writes, open reads."""
    assert archive.config.archive.operator == "The testers"
    assert archive.layout.catalogue.name == "test_clean.sqlite3"


@pytest.mark.parametrize("name", ["Ärger & Söhne", "x" * 300, "...", "-"])
def test_any_folder_can_be_an_archive(tmp_path, clock, name):
    """The folder's name becomes a name for files, whatever it is."""
    folder = tmp_path / name[:250]
    init_archive(folder, operator='a "quoted" \\ operator\nwith a line')
    assert open_archive(folder, clock).config.archive.operator == 'a "quoted" \\ operator\nwith a line'


def test_any_signs_may_name_the_operator(tmp_path, clock):
    """What cannot be printed is escaped, signs beyond the first 65,536 too."""
    operator = "\x00\x1b\u200b\U000e0001\U0001f3b5"
    init_archive(tmp_path / "odd", operator=operator)
    assert open_archive(tmp_path / "odd", clock).config.archive.operator == operator


@pytest.mark.parametrize("said", [{"name": "\udcff"}, {"operator": "\udcff"}, {"contact": "\udcff"}])
def test_what_is_no_utf8_makes_no_archive(tmp_path, said):
    """Lone surrogates are refused before anything is made, in names of folders too."""
    with pytest.raises(UsageError, match="no UTF-8"):
        init_archive(tmp_path / "new", **said)
    with pytest.raises(UsageError, match="no UTF-8"):
        init_archive(tmp_path / "new\udcff")
    assert list(tmp_path.iterdir()) == []


def test_an_archive_is_not_made_twice(archive):
    """A tenuto.toml is never overwritten."""
    with pytest.raises(UsageError, match="already"):
        init_archive(archive.layout.root)


def test_a_folder_that_is_no_archive_is_named(tmp_path, clock):
    """The error says how to make one."""
    with pytest.raises(NotFoundError) as caught:
        open_archive(tmp_path, clock)
    assert "tenuto init" in caught.value.hint


def test_a_wrong_configuration_is_named(tmp_path, clock):
    """A tenuto.toml that is no UTF-8 text is an error of the configuration."""
    (tmp_path / "tenuto.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError):
        open_archive(tmp_path, clock)


def test_one_writer_at_a_time(archive, clock):
    """A second writing command is refused while the first holds the archive."""
    other = open_archive(archive.layout.root, clock)
    with archive.locked(), pytest.raises(UsageError, match="another process"), other.locked():
        pass
    with other.locked():
        pass


@pytest.mark.parametrize("kind", ["folder", "link", "fifo"])
def test_an_odd_lock_is_neither_followed_nor_waited_for(archive, kind):
    """What a stranger's archive points to stays as it is, and a FIFO does not hang the command."""
    lock, other = archive.layout.root / ".lock", archive.layout.root / "mine.txt"
    other.write_text("mine")
    if kind == "folder":
        lock.mkdir()
    elif kind == "link":
        lock.symlink_to(other)
    else:
        os.mkfifo(lock)
    if kind == "fifo":
        with archive.locked():
            assert lock.is_fifo()
    else:
        with pytest.raises(StorageError, match="lock"), archive.locked():
            pass
    assert other.read_text() == "mine"


def test_what_goes_wrong_under_the_lock_is_not_blamed_on_it(archive):
    """An error of the system keeps the name of its own file."""
    with pytest.raises(FileNotFoundError, match="elsewhere"), archive.locked():
        (archive.layout.root / "elsewhere").read_bytes()


def test_what_a_crash_left_is_swept(archive):
    """Temporary files in every place a command writes to are gone once the archive is locked again."""
    layout = archive.layout
    places = [layout.root, layout.store, layout.packages, layout.torrents, layout.ledger, layout.catalogue.parent]
    places += [layout.captures / "folder" / "songs", layout.records / "folder"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{TEMPORARY}7-left").write_bytes(b"x")
    with archive.locked():
        assert list(layout.root.rglob(f"{TEMPORARY}*")) == []


def test_a_lost_configuration_does_not_cost_the_ledger(archive):
    """Making an archive where a ledger lies is refused, and the ledger stays as it was."""
    before = (archive.layout.ledger / "head.json").read_bytes()
    (archive.layout.root / "tenuto.toml").unlink()
    with pytest.raises(UsageError, match="ledger already"):
        init_archive(archive.layout.root)
    assert (archive.layout.ledger / "head.json").read_bytes() == before
