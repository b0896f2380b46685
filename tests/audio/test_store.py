"""The store: one copy by hash, whole or not at all, whatever the disk and the neighbours do."""

import hashlib
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tenuto.audio.store import Store
from tenuto.durable import TEMPORARY, sweep
from tenuto.model.errors import IntegrityError, StorageError
from tenuto.opening import open_file

SIZES = (0, 1, 1024 * 1024 - 1, 1024 * 1024, 2 * 1024 * 1024 + 17)
FULL = """
import errno, resource, signal, sys
from pathlib import Path
from tenuto.audio.store import Store
from tenuto.model.errors import StorageError
from tenuto.opening import open_file
if sys.argv[3] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    Store(Path(sys.argv[1])).stage(open_file(Path(sys.argv[2])))
except StorageError as error:
    print(errno.errorcode[error.__cause__.errno], end="")
"""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def stage(store, path):
    """Open a file and stage it."""
    with open_file(path) as file:
        return store.stage(file)


def digest(store, path):
    """Open a file and hash it."""
    with open_file(path) as file:
        return store.digest(file)


def everything(root: Path) -> list[str]:
    """List the files under `root`, temporary ones too."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", SIZES)
def test_committed_file_is_held_under_its_digest(store, tmp_path, size):
    """Digest, size, bytes, place and mode are right at every size around a block."""
    content = random.Random(size).randbytes(size)  # noqa: S311 - the same bytes every time
    source = write(tmp_path / "source", content)
    wanted = hashlib.sha256(content).hexdigest()
    assert digest(store, source) == (wanted, size)
    staged = stage(store, source)
    assert (staged.sha256, staged.size) == (wanted, size)
    assert not store.has(staged.sha256)
    store.commit([staged])
    assert store.has(staged.sha256)
    path = store.path(staged.sha256)
    assert path == tmp_path / "store" / wanted[:2] / wanted[2:4] / wanted
    assert content == path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o444
    assert content == source.read_bytes()
    assert [wanted] == list(store.names())
    assert [(wanted, None)] == list(store.verify())


def test_same_bytes_twice_are_kept_once(store, tmp_path):
    """Twice in one batch or in two, there is one file and nothing is left over."""
    sources = [write(tmp_path / name, b"same") for name in ("a", "b", "c")]
    store.commit([stage(store, sources[0]), stage(store, sources[1])])
    inode = store.path(digest(store, sources[0])[0]).stat().st_ino
    store.commit([stage(store, sources[2])])
    assert inode == store.path(digest(store, sources[0])[0]).stat().st_ino
    assert len(everything(tmp_path / "store")) == 1


def test_discarded_and_staged_files_are_not_held(store, tmp_path):
    """Only a commit makes a file visible; what a crash leaves is swept."""
    source = write(tmp_path / "a", b"bits")
    store.discard([stage(store, source)])
    assert everything(tmp_path / "store") == []
    stage(store, source)
    assert list(store.names()) == []
    assert everything(tmp_path / "store")[0].startswith(TEMPORARY)
    assert sweep(tmp_path / "store") == 1
    assert everything(tmp_path / "store") == []


def test_empty_batch_and_empty_store_do_nothing(store, tmp_path):
    """A store that was never written to has no names, and no folder appears."""
    store.commit([])
    assert list(store.verify()) == []
    assert not (tmp_path / "store").exists()


def stage_again_and_again(store, source):
    """Stage a hundred times: a copy made while the writer had no turn is a good one."""
    for _ in range(100):
        store.discard([stage(store, source)])


@pytest.mark.parametrize("mode", ["ab", "r+b"])
def test_file_that_changes_while_it_is_read_is_refused(store, tmp_path, mode):
    """A writer that appends, or rewrites in place, is noticed by size or time, and nothing of it is kept."""
    source = write(tmp_path / "restless", b"x" * 8 * 1024 * 1024)
    stop = threading.Event()

    def meddle() -> None:
        with source.open(mode, buffering=0) as stream:
            while not stop.is_set() and stream.tell() < 64 * 1024 * 1024:
                stream.write(b"y" * 4096)
                stream.seek(0, 2 if mode == "ab" else 0)

    writer = threading.Thread(target=meddle)
    writer.start()
    try:
        with pytest.raises(IntegrityError, match="changed while it was read"):
            stage_again_and_again(store, source)
    finally:
        stop.set()
        writer.join()
    assert everything(tmp_path / "store") == []


def test_file_that_changed_after_it_was_opened_is_refused(store, tmp_path):
    """What a parser saw and what is staged must be the same: even a change whose time was set back is noticed."""
    source = write(tmp_path / "a", b"good")
    before = source.stat()
    with open_file(source) as file:
        with source.open("r+b") as stream:
            stream.write(b"evil")
        os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(IntegrityError, match="changed while it was read"):
            store.stage(file)
    assert everything(tmp_path / "store") == []


def test_corrupt_file_is_found_by_verify(store, tmp_path):
    """A flipped bit is named with the digest the bytes have now; the others are still well."""
    sources = [write(tmp_path / str(at), bytes([at])) for at in range(3)]
    staged = [stage(store, source) for source in sources]
    store.commit(staged)
    bad = store.path(staged[1].sha256)
    bad.chmod(0o644)
    bad.write_bytes(b"rot")
    found = {name: failure.code if failure else None for name, failure in store.verify()}
    assert {staged[0].sha256: None, staged[1].sha256: "store-corrupt", staged[2].sha256: None} == found


@pytest.mark.parametrize("rotten", [b"b", b"bots", b""])
def test_commit_mends_a_file_that_is_not_what_its_name_says(store, tmp_path, rotten):
    """A held file that a broken disk cut short, or changed at its full length, does not keep a good copy out."""
    source = write(tmp_path / "a", b"bits")
    staged = stage(store, source)
    store.path(staged.sha256).parent.mkdir(parents=True)
    store.path(staged.sha256).write_bytes(rotten)
    store.commit([staged])
    assert store.path(staged.sha256).read_bytes() == b"bits"


def test_threads_that_put_the_same_bytes_agree(store, tmp_path):
    """Eight threads, ten files each, all alike: ten files held, none broken, none left over."""
    sources = [write(tmp_path / str(at), bytes([at]) * 50000) for at in range(10)]
    gate = threading.Barrier(8)

    def put() -> None:
        gate.wait()
        store.commit([stage(store, source) for source in sources])

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(everything(tmp_path / "store")) == 10
    assert all(failure is None for _, failure in store.verify())
    assert len(list(store.names())) == 10


def test_limit_on_writing_leaves_nothing_visible(tmp_path):
    """A write that the system refuses in the middle is a StorageError, and no part of the file stays."""
    source = write(tmp_path / "a", b"x" * 5_000_000)
    command = [sys.executable, "-I", "-c", FULL, str(tmp_path / "store"), str(source), "limit"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=20)
    assert done.stdout.decode() == "EFBIG"
    assert everything(tmp_path / "store") == []


def test_full_disk_leaves_nothing_visible(tmp_path):
    """A file system with 1 MiB refuses a larger file with ENOSPC: a StorageError, and the space is free again."""
    source, place = write(tmp_path / "a", b"x" * 5_000_000), tmp_path / "small"
    place.mkdir()
    script = 'mount -t tmpfs -o size=1m none "$1" && shift && "$@" && find "$0" -type f | wc -l'
    python = [sys.executable, "-I", "-c", FULL, str(place / "store"), str(source), "disk"]
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, str(place), str(place), *python]
    done = subprocess.run(command, capture_output=True, check=False, timeout=20)
    if done.returncode != 0 and b"ENOSPC" not in done.stdout and "CI" not in os.environ:
        pytest.skip(f"this machine gives no private tmpfs: {done.stderr.decode().strip()}")
    assert done.stdout.split() == [b"ENOSPC0"]


def test_store_in_a_place_that_cannot_be_is_an_error(tmp_path):
    """A root below a plain file cannot be made."""
    write(tmp_path / "file", b"")
    with pytest.raises(StorageError):
        stage(Store(tmp_path / "file" / "store"), write(tmp_path / "a", b"bits"))
