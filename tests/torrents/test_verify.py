"""verify: content against metainfo, by our own hashing."""

import pytest

from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent
from tenuto.torrents.verify import verify_torrent


@pytest.mark.parametrize("versions", list(Versions))
@pytest.mark.parametrize("piece_length", [16384, 65536])
def test_whole_content_is_valid(bag, make_receipt, files, versions, piece_length):
    """Every piece of every version is checked and found right."""
    made = make_torrent(make_receipt(files, piece_length), TorrentOptions(versions=versions))
    report = verify_torrent(made.metainfo, bag)
    assert report.valid
    assert sum(-(-len(content) // piece_length) for content in files.values()) == report.pieces


@pytest.mark.parametrize("versions", list(Versions))
def test_a_changed_byte_is_found_in_its_piece(bag, make_receipt, files, versions):
    """The first, the last and one in the middle: each spoils the one piece it is in."""
    made = make_torrent(make_receipt(files), TorrentOptions(versions=versions))
    place = next(place for place in made.placements if place.path.endswith("Drei.ogg"))
    path = bag / place.path
    content = path.read_bytes()
    for at in (0, 150_000, len(content) - 1):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        report = verify_torrent(made.metainfo, bag)
        assert ((place.offset + at) // 16384,) == report.bad_pieces
        assert not report.valid


def test_misfits_are_named(bag, make_receipt, files):
    """A missing file, one of another size, and a link are named; nothing is hashed."""
    made = make_torrent(make_receipt(files))
    (bag / "bagit.txt").rename(bag / "moved")
    assert verify_torrent(made.metainfo, bag).bad_files == ("bagit.txt",)
    (bag / "bagit.txt").symlink_to(bag / "moved")
    assert verify_torrent(made.metainfo, bag).bad_files == ("bagit.txt",)
    (bag / "bagit.txt").unlink()
    (bag / "bagit.txt").write_bytes(b"short")
    assert verify_torrent(made.metainfo, bag).bad_files == ("bagit.txt",)


def test_a_file_that_stands_alone(tmp_path, make_receipt, write_files):
    """A bag of one file has no pads, and verifies."""
    files = {"data/x": b"\x07" * 50_000}
    made = make_torrent(make_receipt(files))
    assert verify_torrent(made.metainfo, write_files(tmp_path, files)).valid
