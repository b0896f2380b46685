"""bag: whole or not at all, the same bytes each time, audio on disk once."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import bagit
import pytest

from tenuto.durable import sweep
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import IntegrityError, PackageError, StorageError
from tenuto.model.package import BagReceipt
from tenuto.packages.bag import bag_names, read_receipt, receipt_digest, write_bag
from tenuto.packages.plan import plan_bags
from tenuto.packages.verify import verify_bag


def contents(root):
    """Read a whole tree: path → bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def recorded(root, name="demo-000001"):
    """Read a receipt by the digest it has, as if that were the recorded one."""
    return read_receipt(root, name, hashlib.sha256((root / f"{name}.receipt.json").read_bytes()).hexdigest())


def test_bagit_and_our_verifier_find_a_bag_valid(packed):
    """The Library of Congress's own library and ours read every byte and complain of nothing."""
    bag = packed.packages / "demo-000001"
    assert bagit.Bag(str(bag)).validate(processes=1)
    report = verify_bag(bag)
    assert report.problems == ()
    assert (report.files, report.size) == (4, 286385)


def test_the_receipt_names_every_file_and_its_hashes(packed):
    """Tag files too, since the torrent holds them; and it reads back as it was."""
    receipt = recorded(packed.packages)
    bag = packed.packages / "demo-000001"
    assert sorted(contents(bag)) == sorted(file.path for file in receipt.files)
    assert [item.track_id for item in packed.items] == [track for file in receipt.files for track in file.track_ids]
    assert receipt == from_json(BagReceipt, to_json(receipt))


def test_a_receipt_that_is_not_the_one_recorded_is_refused(packed):
    """What is published follows from the receipt, so a name or a hash changed in it must not pass."""
    path = packed.packages / "demo-000001.receipt.json"
    digest = receipt_digest(recorded(packed.packages))
    path.write_bytes(path.read_bytes().replace(b'"name":"demo-000001"', b'"name":"../../evil"'))
    with pytest.raises(IntegrityError, match="is not the receipt that the ledger names"):
        read_receipt(packed.packages, "demo-000001", digest)


def test_the_same_plan_gives_the_same_bytes(packed, tmp_path, options):
    """Two bags made apart are equal, byte for byte, receipts too."""
    (plan,) = plan_bags(packed.items, archive="demo")
    write_bag(plan, packed.source, tmp_path / "again", options())
    assert contents(packed.packages) == contents(tmp_path / "again")


def test_audio_is_on_disk_once(packed):
    """The payload is the store's own file under another name."""
    names = {path.stat().st_ino for path in (packed.packages / "demo-000001" / "data").rglob("*.flac")}
    assert {packed.source(item.sha256).stat().st_ino for item in packed.items} == names


def test_where_links_fail_the_payload_is_copied(packed, tmp_path, options):
    """On a file system apart from the store's, the bag is the same."""
    other = Path("/dev/shm")  # noqa: S108 - another file system
    if not os.access(other, os.W_OK) or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip(f"{other} is no other file system here")
    root = other / f"tenuto-test-{os.getpid()}"
    (plan,) = plan_bags(packed.items, archive="demo")
    try:
        write_bag(plan, packed.source, root, options())
        assert contents(packed.packages) == contents(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def test_a_second_run_does_nothing(packed):
    """The standing bag is recognised and not touched."""
    before = {path: path.stat().st_mtime_ns for path in packed.packages.rglob("*")}
    assert recorded(packed.packages) == packed.write()
    assert before == {path: path.stat().st_mtime_ns for path in packed.packages.rglob("*")}


def test_a_bag_of_other_content_is_not_replaced(packed):
    """The name is taken, and says so."""
    packed.keep(b"more")
    with pytest.raises(PackageError):
        packed.write()


def test_bytes_that_are_not_those_promised_are_not_packed(packed, tmp_path, options):
    """A store file changed by one byte raises IntegrityError and leaves nothing."""
    (plan,) = plan_bags(packed.items, archive="demo")
    path = packed.source(packed.items[2].sha256)
    path.write_bytes(b"\xff" + path.read_bytes()[1:])
    with pytest.raises(IntegrityError):
        write_bag(plan, packed.source, tmp_path / "new", options())
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("kind", ["missing", "symlink"])
def test_a_store_that_lacks_a_file_makes_no_bag(packed, tmp_path, options, kind):
    """Neither a missing file nor a link in its place is packed."""
    path = packed.source(packed.items[0].sha256)
    path.rename(tmp_path / "moved")
    if kind == "symlink":
        path.symlink_to(tmp_path / "moved")
    (plan,) = plan_bags(packed.items, archive="demo")
    with pytest.raises(IntegrityError if kind == "missing" else StorageError):
        write_bag(plan, packed.source, tmp_path / "new", options())
    assert list((tmp_path / "new").iterdir()) == []


def test_a_bag_that_lost_its_receipt_gets_it_again(packed):
    """The receipt is made anew if the bag is what would be written, and not otherwise."""
    receipt = packed.packages / "demo-000001.receipt.json"
    content = receipt.read_bytes()
    receipt.unlink()
    packed.write()
    assert content == receipt.read_bytes()
    receipt.unlink()
    (packed.packages / "demo-000001" / "bag-info.txt").write_bytes(b"Odd: yes\n")
    with pytest.raises(PackageError):
        packed.write()
    assert not receipt.exists()


def test_no_clock_and_no_folder_is_in_a_bag(packed):
    """The bagging date is the one given, and no path of this machine stands anywhere."""
    files = contents(packed.packages / "demo-000001")
    assert b"Bagging-Date: 2024-02-29\n" in files["bag-info.txt"]
    assert b"Payload-Oxum: 286385.4\n" in files["bag-info.txt"]
    assert not any(str(packed.root).encode() in content for content in files.values())


def test_a_line_break_in_an_option_stays_in_its_line(archive, options):
    """What the operator says cannot add a tag."""
    archive.keep(b"a")
    (plan,) = plan_bags(archive.items, archive="demo")
    write_bag(plan, archive.source, archive.packages, options(description="x\nPayload-Oxum: 0.0"))
    assert verify_bag(archive.packages / "demo-000001").valid


def test_records_say_what_is_inside(packed):
    """Each track's line has its path, digest and names."""
    lines = (packed.packages / "demo-000001" / "records" / "tracks.jsonl").read_text().splitlines()
    assert [item.track_id for item in packed.items] == [json.loads(line)["track_id"] for line in lines]


def test_a_receipt_without_its_bag_is_no_bag(packed):
    """What a crash between receipt and rename leaves is not taken for a bag."""
    shutil.rmtree(packed.packages / "demo-000001")
    assert frozenset() == bag_names(packed.packages)
    with pytest.raises(PackageError):
        read_receipt(packed.packages, "demo-000001", "")
    packed.write()
    assert frozenset({"demo-000001"}) == bag_names(packed.packages)


PACK = """
import os, signal, sys
from pathlib import Path
from tenuto.model.document import from_json
from tenuto.model.package import PackItem
from tenuto.packages.bag import BagOptions, write_bag
from tenuto.packages.plan import plan_bags
root, fatal, steps = Path(sys.argv[1]), int(sys.argv[2]), 0
items = [from_json(PackItem, line) for line in (root / "items").read_text().splitlines()]

def count(event, arguments):
    global steps
    writes = event == "open" and isinstance(arguments[1], str) and arguments[1].startswith("w")
    if writes or event in {"os.mkdir", "os.link", "os.rename"}:
        steps += 1
        if steps == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
options = BagOptions(organisation="Test", contact="keeper@example.org", date="2024-02-29")
for plan in plan_bags(items, archive="demo"):
    write_bag(plan, (root / "store").joinpath, root / "packages", options)
print(steps)
"""


def run_until(root, fatal):
    """Pack in a child that kills itself before its n-th change to the disk; give what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", PACK, str(root), str(fatal)], check=False, capture_output=True, text=True
    )
    assert done.returncode == (-signal.SIGKILL if fatal else 0), done.stderr
    return done.stdout


def test_killed_at_any_instant_nothing_half_made_is_visible(packed):
    """After SIGKILL a visible bag is whole and has its receipt; a rerun equals an undisturbed run."""
    (packed.root / "items").write_text("".join(to_json(item) + "\n" for item in packed.items))
    undisturbed = contents(packed.packages)
    shutil.rmtree(packed.packages)
    steps = int(run_until(packed.root, 0))
    assert undisturbed == contents(packed.packages)
    for fatal in [*range(1, steps - 6, 4), *range(steps - 6, steps + 1)]:
        shutil.rmtree(packed.packages)
        run_until(packed.root, fatal)
        for name in bag_names(packed.packages):
            assert verify_bag(packed.packages / name).valid
            assert name == recorded(packed.packages, name).name
        sweep(packed.packages)
        packed.write()
        assert undisturbed == contents(packed.packages)
