"""metainfo: both infohashes are libtorrent's own, over a thousand random trees."""

import random
import shutil

import libtorrent
import pytest

from tenuto.model.errors import TorrentError
from tenuto.model.package import BagReceipt
from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent
from tenuto.torrents.reading import read_metainfo

PLAIN, ODD = 1000, 150
NAMES = ("a", "a b", "a!", "a.b", "a-1", "a0", "B", "b", "é", "音", "zz", "data", "01 Title.ogg")


def parts(path):
    """Split a path as BEP 52 orders it."""
    return path.encode().split(b"/")


def theirs(root, files, piece_length, flags=0):
    """Make the info dictionary by libtorrent from what is on disk; a negative size is a pad file."""
    entries = [
        libtorrent.create_file_entry(f"bag/{path}", abs(size), libtorrent.file_flags_t.flag_pad_file if size < 0 else 0)
        for path, size in files
    ]
    torrent = libtorrent.create_torrent(entries, piece_length, flags)
    libtorrent.set_piece_hashes(torrent, str(root))
    return torrent.generate()


def padded(files, piece_length):
    """List files in BEP 52's order with the pads between them."""
    listed = []
    for path in sorted(files, key=parts):
        listed.append((path, len(files[path])))
        pad = -len(files[path]) % piece_length
        if pad and len(files) > 1:
            listed.append((f".pad/{pad}", -pad))
    return listed


def oracle(root, files, piece_length):
    """Give libtorrent's hybrid info, and its piece layers.

    libtorrent 2.1.1 sorts the v1 list by the whole path as one string, the v2 tree part by part; where these differ it
    makes hybrid metainfo that its own loader refuses. There the oracle is its v1 info over the files in BEP 52's order
    joined with its v2 info.
    """
    sizes = [(path, len(content)) for path, content in files.items()]
    if sorted(files) == sorted(files, key=parts):
        made = theirs(root, sizes, piece_length)
        return made[b"info"], made[b"piece layers"]
    create = libtorrent.create_torrent
    first = theirs(root, padded(files, piece_length), piece_length, create.v1_only)
    second = theirs(root, sizes, piece_length, create.v2_only)
    return {**first[b"info"], **second[b"info"]}, second[b"piece layers"]


def tree(chance, piece_length):
    """Draw a tree: sizes at every edge, folders and files whose order differs by part and by string."""
    edges = (0, 1, 16383, 16384, 16385, piece_length - 1, piece_length, piece_length + 1, 2 * piece_length)
    files = {}
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9, 14))):
        folders = [chance.choice(NAMES) for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))]
        path = "/".join([*folders, f"{chance.choice(NAMES)}.{chance.randrange(1000)}"])
        size = chance.choice((*edges, 3 * piece_length + 5, chance.randrange(90_000)))
        if not any(other.startswith(f"{path}/") or path.startswith(f"{other}/") for other in files):
            files[path] = chance.randbytes(size)
    return files if any(files.values()) else {**files, "one byte": b"1"}


def same_order(files):
    """Tell whether sorting whole paths and sorting part by part agree."""
    return sorted(files) == sorted(files, key=parts)


def draw_trees():
    """Draw trees until 1,000 have one order by either rule; 150 of the others come too."""
    chance = random.Random(52)  # noqa: S311 - reproducible
    plain = odd = 0
    while plain < PLAIN:
        piece_length = chance.choice((16384, 16384, 32768, 65536))
        files = tree(chance, piece_length)
        plain += same_order(files)
        odd += not same_order(files)
        if same_order(files) or odd <= ODD:
            yield files, piece_length


def test_random_trees_have_libtorrents_own_infohashes(tmp_path, make_receipt, write_files):
    """Info, piece layers and both infohashes are byte-equal, and libtorrent loads every one of them."""
    count = single = 0
    for files, piece_length in draw_trees():
        write_files(tmp_path, files)
        info, layers = oracle(tmp_path, files, piece_length)
        made = make_torrent(make_receipt(files, piece_length))
        mine = libtorrent.bdecode(made.metainfo)
        assert libtorrent.bencode(info) == libtorrent.bencode(mine[b"info"]), files.keys()
        assert layers == mine[b"piece layers"]
        hashes = libtorrent.load_torrent_buffer(made.metainfo).info_hashes
        assert (str(hashes.v1), str(hashes.v2)) == (made.infohash_v1, made.infohash_v2)
        assert (made.infohash_v1, made.infohash_v2) == _read_hashes(made.metainfo, files)
        count += 1
        single += len(files) == 1
        shutil.rmtree(tmp_path / "bag")
    assert count == PLAIN + ODD
    assert single >= 100


def _read_hashes(metainfo, files):
    """Read back by our own reader, which must find the same files; trees that clash on some system it refuses."""
    told = read_metainfo(metainfo)
    assert sorted(files) == sorted("/".join(file.path) for file in told.files if not file.pad)
    return told.infohash_v1, told.infohash_v2


@pytest.mark.parametrize("versions", [Versions.V1, Versions.V2])
def test_one_version_alone_is_libtorrents_too(tmp_path, make_receipt, write_files, files, versions):
    """v1 alone keeps order and pads of the hybrid; v2 alone is libtorrent's."""
    bag = write_files(tmp_path, files)
    create = libtorrent.create_torrent
    if versions is Versions.V1:
        info = theirs(tmp_path, padded(files, 32768), 32768, create.v1_only)[b"info"]
    else:
        info = theirs(tmp_path, [(path, len(content)) for path, content in files.items()], 32768, create.v2_only)[
            b"info"
        ]
    made = make_torrent(make_receipt(files, 32768, bag.name), TorrentOptions(versions=versions))
    assert libtorrent.bencode(info) == libtorrent.bencode(libtorrent.bdecode(made.metainfo)[b"info"])
    assert (versions is Versions.V2, versions is Versions.V1) == (made.infohash_v1 == "", made.infohash_v2 == "")


def test_what_stands_outside_the_info(make_receipt, files):
    """Trackers in tiers, web seeds and comment are told, change no infohash, and no clock is read."""
    plain = make_torrent(make_receipt(files))
    told = make_torrent(
        make_receipt(files),
        TorrentOptions(
            trackers=(("https://one.example/announce", "udp://two.example:1/announce"), ("http://three.example/a",)),
            web_seeds=("https://seed.example/bags/",),
            comment="Kept",
            creation_date=1709164800,
        ),
    )
    top = libtorrent.bdecode(told.metainfo)
    assert plain.infohash_v2 == told.infohash_v2
    assert top[b"announce"] == b"https://one.example/announce"
    assert top[b"announce-list"] == [
        [b"https://one.example/announce", b"udp://two.example:1/announce"],
        [b"http://three.example/a"],
    ]
    assert top[b"url-list"] == [b"https://seed.example/bags/"]
    assert (top[b"comment"], top[b"created by"], top[b"creation date"]) == (b"Kept", b"Tenuto", 1709164800)
    assert {b"info", b"piece layers", b"created by"} == set(libtorrent.bdecode(plain.metainfo))
    assert b"private" not in top[b"info"]


def test_a_source_is_part_of_the_infohash(make_receipt, files):
    """It stands in the info, so it names another swarm."""
    named = make_torrent(make_receipt(files), TorrentOptions(source="Tenuto"))
    assert make_torrent(make_receipt(files)).infohash_v1 != named.infohash_v1


def test_placements_point_at_the_bytes(make_receipt, files):
    """Each track's file index and offset, pads counted, lead to its bytes in the v1 stream."""
    made = make_torrent(make_receipt(files))
    listed = libtorrent.bdecode(made.metainfo)[b"info"][b"files"]
    stream = b"".join(
        bytes(entry[b"length"]) if b"attr" in entry else files[b"/".join(entry[b"path"]).decode()] for entry in listed
    )
    assert len(files) == len(made.placements)
    for place in made.placements:
        assert place.path == b"/".join(listed[place.file_index][b"path"]).decode()
        assert files[place.path] == stream[place.offset : place.offset + place.length]
        assert f"tr-{place.path}" == place.track_id


def test_a_receipt_that_does_not_fit_itself_is_refused(make_receipt, files):
    """An empty bag, and hashes of another piece length, make no torrent."""
    for files_, length in (((), 16384), (make_receipt({"a": b""}).files, 16384), (make_receipt(files).files, 32768)):
        with pytest.raises(TorrentError):
            make_torrent(BagReceipt(name="bag", piece_length=length, files=files_))
