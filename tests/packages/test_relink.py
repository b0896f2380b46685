"""relink: bags share the store's files again, and never trade a good copy for a rotten one."""

import hashlib
import shutil

import pytest

from tenuto.model.errors import UnsafeInputError
from tenuto.packages.bag import read_receipt
from tenuto.packages.relink import relink


def mend(packed):
    root, name = packed.packages, "demo-000001"
    receipt = read_receipt(root, name, hashlib.sha256((root / f"{name}.receipt.json").read_bytes()).hexdigest())
    return relink(root / name, receipt, packed.source, lambda sha256: digest(packed.source(sha256)) == sha256)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_payload_file_apart_from_the_store_is_linked_again(packed):
    """A copy takes room twice: it is replaced by a link, nothing else is touched, and a second look finds nothing."""
    payload = sorted((packed.packages / "demo-000001" / "data").rglob("*.flac"))
    copy = payload[0].with_name("copy")
    shutil.copy(payload[0], copy)
    copy.rename(payload[0])
    before = {path: path.stat().st_ino for path in payload[1:]}
    assert mend(packed) == 1
    assert payload[0].samefile(packed.source(digest(payload[0])))
    assert before == {path: path.stat().st_ino for path in payload[1:]}
    assert mend(packed) == 0


def test_a_rotten_store_file_takes_no_place(packed):
    """Where the bag has the good copy and the store does not, the bag keeps it."""
    payload = next((packed.packages / "demo-000001" / "data").rglob("*.flac"))
    good = digest(payload)
    packed.source(good).unlink()
    packed.source(good).write_bytes(b"rot")
    assert mend(packed) == 0
    assert digest(payload) == good


def test_a_folder_that_became_a_link_is_not_written_through(packed, tmp_path):
    """What lies behind a link is not the bag's: it stays as it is, and the trick is told."""
    artist = next(path for path in (packed.packages / "demo-000001" / "data").iterdir() if path.is_dir())
    outside = tmp_path / "outside"
    shutil.copytree(artist, outside)
    for path in outside.rglob("*.flac"):
        path.unlink()
        path.write_bytes(b"mine")
    artist.rename(tmp_path / "moved")
    artist.symlink_to(outside)
    with pytest.raises(UnsafeInputError, match="symbolic link"):
        mend(packed)
    assert {path.read_bytes() for path in outside.rglob("*.flac")} == {b"mine"}
