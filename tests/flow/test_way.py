"""The whole way on the twelve pieces, through flow, without the command line."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import pytest

from tenuto.catalogue.ask import open_items, show, stats, why
from tenuto.catalogue.search import search
from tenuto.flow.archive import init_archive, open_archive
from tenuto.flow.build import build
from tenuto.flow.harvest import harvest_folders
from tenuto.flow.publish import make_torrents, pack
from tenuto.flow.verifying import verify_archive
from tenuto.model.errors import NotFoundError, UsageError
from tenuto.model.progress import Silent


def go(archive, *folders):
    """Harvest folders, build, pack, make torrents."""
    tallies = harvest_folders(archive, folders, None, Silent()) if folders else []
    with archive.locked():
        build(archive, Silent())
    packed = pack(archive, Silent())
    return tallies, packed, make_torrents(archive, Silent())


def contents(root):
    """Give every file's digest by its path inside an archive, scratch space left out."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".work" not in path.parts and path.name != ".lock"
    }


def events(archive, event):
    return [entry.what for entry in archive.ledger.entries() if entry.what.event == event]


def test_twelve_pieces_go_the_whole_way(archive, pieces):
    """All are kept, searchable, packed and placed in a torrent, and every byte verifies."""
    (tally,), packed, made = go(archive, pieces)
    assert (tally.considered, tally.kept, tally.known) == (12, 12, 0)
    assert [hit.title for hit in search(archive.layout.catalogue, "frere jacq")] == ["Frère Jacques"]
    assert [name for name, _ in made.made] == ["test-000001.torrent", "test-000001.v1.torrent"]
    assert len(packed.made) == 1
    page = show(archive.layout.catalogue, search(archive.layout.catalogue, "さくら")[0].id)
    placed = page.placements[0]
    content = (archive.layout.packages / placed.package / placed.path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == page.file.sha256
    assert len(content) == placed.length
    assert not any(check.faults for check in verify_archive(archive, Silent()))


def test_audio_is_on_disk_once(archive, pieces):
    """The bag's payload and the store are the same inodes."""
    go(archive, pieces)
    stored = {path.stat().st_ino for path in archive.layout.store.rglob("*") if path.is_file()}
    bagged = {p.stat().st_ino for p in archive.layout.packages.glob("*/data/**/*") if p.is_file()}
    assert bagged == stored
    assert len(bagged) == 12


def test_nothing_is_done_twice(archive, pieces):
    """A second run reads no audio, writes no file and adds no row."""
    go(archive, pieces)
    before = contents(archive.layout.root)
    (tally,), packed, made = go(archive, pieces)
    assert (tally.known, tally.read_bytes, len(packed.made), len(made.made)) == (12, 0, 0, 0)
    assert contents(archive.layout.root) == before


def test_the_same_input_is_the_same_archive(tmp_path, pieces, clock):
    """Two archives from the same files and clock are equal byte for byte."""
    found = []
    for number in "12":
        root = tmp_path / number / "archive"
        init_archive(root, name="twin")
        go(open_archive(root, clock), pieces)
        found.append(contents(root))
    assert found[0] == found[1]


def test_new_files_go_into_new_bags(archive, pieces):
    """A finished bag never changes; what comes later gets a bag of its own."""
    late = next(pieces.rglob("*Canon*"))
    kept_aside = late.rename(pieces.parent / "late")
    go(archive, pieces)
    before = contents(archive.layout.packages)
    kept_aside.rename(late)
    (tally,), packed, _ = go(archive, pieces)
    assert (tally.kept, tally.known) == (1, 11)
    assert [len([f for f in bag.files if f.track_ids]) for bag in packed.made] == [1]
    assert contents(archive.layout.packages).items() >= before.items()


def test_a_changed_file_is_read_again(archive, pieces):
    """New bytes under an old name are a new file of the same track."""
    go(archive, pieces)
    changed = next(pieces.rglob("*.flac"))
    shutil.copy(next(path for path in pieces.rglob("*.flac") if path != changed), changed)
    (tally,), _, _ = go(archive, pieces)
    assert (tally.kept, tally.known) == (1, 11)
    assert sum(count.tracks for count in stats(archive.layout.catalogue).counts if count.topic == "decision") == 12


def untagged(folder):
    """Render a folder of pieces without any statement about rights."""
    for path in sorted(folder.rglob("*.*")):
        subprocess.run([sys.executable, "-c", STRIP, str(path)], check=True)


STRIP = "import sys, mutagen; f = mutagen.File(sys.argv[1]); f.pop('license', None); f.pop('copyright', None); f.save()"


def test_without_evidence_nothing_is_kept(archive, pieces):
    """Unknown means no: catalogued with a reason, not in the store, not in a bag."""
    untagged(pieces)
    (tally,), packed, _ = go(archive, pieces)
    assert (tally.kept, packed.made) == (0, ())
    assert not archive.layout.store.exists() or list(archive.layout.store.rglob("*")) == []
    track = search(archive.layout.catalogue, "ode joy")[0]
    assert show(archive.layout.catalogue, track.id).absent
    assert why(archive.layout.catalogue, track.id)[0].decision == "metadata-only"


def test_a_licence_beside_the_music_opens_it_later(archive, pieces):
    """A LICENSE file that appears is noticed though no audio changed, and then the bits are kept."""
    untagged(pieces)
    go(archive, pieces)
    (pieces / "LICENSE").write_text("SPDX-License-Identifier: CC-BY-4.0\n", "utf-8")
    (tally,), packed, _ = go(archive, pieces)
    assert (tally.kept, len(packed.made)) == (12, 1)


def test_the_operators_word_counts_as_evidence(archive, pieces, clock):
    """A declaration in tenuto.toml opens a folder, and `why` names who declared it."""
    untagged(pieces)
    toml = archive.layout.root / "tenuto.toml"
    said = '\n[[declarations]]\ncollection = "pieces"\nlicence = "CC-BY-SA-4.0"\nby = "The Choir"\nbasis = "our own"\n'
    toml.write_text(toml.read_text("utf-8") + said, "utf-8")
    archive = open_archive(archive.layout.root, clock)
    (tally,), _, _ = go(archive, pieces)
    assert tally.kept == 12
    track = search(archive.layout.catalogue, "greensleeves")[0]
    assert any("The Choir" in f"{e.where} {e.holder}" for e in why(archive.layout.catalogue, track.id)[0].evidence)


def test_a_closed_licence_closes_every_exit(archive, pieces, clock):
    """When the policy changes, build judges again and nothing is offered for packing."""
    go(archive, pieces)
    toml = archive.layout.root / "tenuto.toml"
    toml.write_text(toml.read_text("utf-8").replace("[rights]", '[rights]\nclosed_licences = ["CC0-1.0"]'), "utf-8")
    archive = open_archive(archive.layout.root, clock)
    with archive.locked():
        build(archive, Silent())
    assert list(open_items(archive.layout.catalogue)) == []


def test_two_folders_of_one_name_are_told_apart(archive, pieces, tmp_path):
    """A second folder with a taken name needs --name."""
    other = shutil.copytree(pieces, tmp_path / "elsewhere" / "pieces")
    harvest_folders(archive, [pieces], None, Silent())
    with pytest.raises(UsageError, match="taken"):
        harvest_folders(archive, [other], None, Silent())
    harvest_folders(archive, [other], "others", Silent())


def test_the_same_bytes_twice_are_kept_once_and_listed_twice(archive, pieces):
    """One file in the store and in the bag, two tracks in the catalogue, both placed."""
    original = next(pieces.rglob("*Amazing*"))
    shutil.copy(original, original.with_name("99 copy.flac"))
    go(archive, pieces)
    assert sum(1 for path in archive.layout.store.rglob("*") if path.is_file()) == 12
    (hit,) = search(archive.layout.catalogue, "amazing grace")
    recording = show(archive.layout.catalogue, show(archive.layout.catalogue, hit.id).recording.id)
    pages = [show(archive.layout.catalogue, track.id) for track in recording.tracks]
    assert len(pages) == 2
    assert len({page.recording.id for page in pages}) == 1
    assert len({page.placements[0].path for page in pages}) == 1


def test_a_missing_folder_is_named(archive, tmp_path):
    """What is not there is a usage error."""
    with pytest.raises(NotFoundError):
        harvest_folders(archive, [tmp_path / "nothing"], None, Silent())


def test_a_folder_of_hostile_names(archive, pieces):
    """Newlines, controls, invalid UTF-8, bidi, hyphens and 255 bytes go the whole way (attacks.md A4, M4, M5)."""
    source = next(pieces.rglob("*Ode*")).read_bytes()
    names = [
        b"new\nline.flac",
        b"-rf.flac",
        b"\xff\xfe.flac",
        "\u202egpj.flac".encode(),
        b"$(reboot).flac",
        b"a\x01b.flac",
    ]
    names += [
        b"n" * 250 + b".flac",
        b"CON.flac",
        b" .flac",
        "é.flac".encode(),
        "e\u0301.flac".encode(),
        b"E.flac",
        b"e.flac",
    ]
    for number, name in enumerate(names):
        path = os.path.join(os.fsencode(pieces), name)  # noqa: PTH118 - names are bytes
        with open(path, "wb") as stream:  # noqa: PTH123 - the same
            stream.write(source)
        subprocess.run([sys.executable, "-c", RETITLE, path, str(number)], check=True)
    (tally,), packed, _ = go(archive, pieces)
    assert tally.kept == 12 + len(names)
    paths = [file.path for bag in packed.made for file in bag.files]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert not any(check.faults for check in verify_archive(archive, Silent()))


RETITLE = (
    "import sys, os, mutagen; p = os.fsencode(sys.argv[1]); f = mutagen.File(open(p, 'r+b'));"
    "f['comment'] = sys.argv[2]; f.save(open(p, 'r+b'))"
)


def test_the_ledger_accounts_for_everything(archive, pieces):
    """Every file, bag and torrent has its row, and every row names its reason."""
    (pieces / "broken.flac").write_bytes(b"fLaC" + b"\0" * 100)
    (pieces / "empty.ogg").write_bytes(b"")
    go(archive, pieces)
    assert len(events(archive, "kept")) == 12
    assert {event.subject for event in events(archive, "refused")} == {
        "folder:pieces/broken.flac",
        "folder:pieces/empty.ogg",
    }
    assert all(event.code and event.reason for event in events(archive, "kept") + events(archive, "refused"))
    assert [len(events(archive, event)) for event in ("packed", "torrent")] == [1, 2]
    rows = (archive.layout.ledger / "ledger.jsonl").read_text("ascii").splitlines()
    assert [json.loads(row)["seq"] for row in rows] == list(range(1, len(rows) + 1))


def test_damage_is_found(archive, pieces):
    """One changed byte in the store is found in the store, the bag and the torrent."""
    go(archive, pieces)
    stored = next(path for path in sorted(archive.layout.store.rglob("*")) if path.is_file())
    stored.chmod(0o644)
    with stored.open("r+b") as stream:
        stream.seek(100)
        byte = stream.read(1)
        stream.seek(100)
        stream.write(bytes([byte[0] ^ 1]))
    faulty = {check.kind for check in verify_archive(archive, Silent()) if check.faults}
    assert faulty == {"store", "bag", "torrent"}
