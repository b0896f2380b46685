"""reading: hostile metainfo is refused by name, in linear time; real metainfo is read as libtorrent reads it."""

import hashlib
import time

import libtorrent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenuto.model.errors import TorrentError
from tenuto.torrents.metainfo import TorrentOptions, Versions, make_torrent
from tenuto.torrents.reading import read_metainfo

SHA1 = b"\x01" * 20


PAD = {b"attr": b"p", b"length": 1 << 14, b"path": [b".pad", b"16384"]}


def listed(*paths, length=1, **more):
    """Make v1 metainfo of files of one byte each."""
    entries = [{b"length": length, b"path": list(path)} for path in paths]
    pieces = -(-len(entries) * length // 16384) if length == 1 else 0
    info = {b"name": b"bag", b"piece length": 16384, b"files": entries, b"pieces": SHA1 * pieces}
    return {b"info": {**info, **{key.replace("_", " ").encode(): value for key, value in more.items()}}}


def one(**more):
    """Make v1 metainfo of one file of one byte."""
    info = {b"name": b"one", b"piece length": 16384, b"length": 1, b"pieces": SHA1}
    return {b"info": {**info, **{key.replace("_", " ").encode(): value for key, value in more.items()}}}


def part(raw):
    """Make metainfo with one odd part of a path."""
    return listed((b"data", raw))


PATHS = {
    "..": "path-parts",
    ".": "path-parts",
    "": "path-parts",
    " .. ": "path-parts",
    "/etc/passwd": "path-separator",
    "a/b": "path-separator",
    "..\\x": "path-separator",
    "C:": "path-separator",
    "c:x": "path-separator",
    "nul\0": "path-control",
    "line\nbreak": "path-control",
    "bell\x07": "path-control",
    "c1\x85": "path-control",
    "CON": "path-reserved",
    "aux.txt": "path-reserved",
    "LPT1.": "path-reserved",
    "com¹": "path-reserved",
    "evil\u202egpj.exe": "path-bidi",
    "isolate\u2066": "path-bidi",
    "x" * 256: "path-long",
    "é" * 128: "path-long",
}


@pytest.mark.parametrize(("name", "code"), PATHS.items(), ids=ascii)
def test_t1_paths_that_reach_out_or_deceive(name, code):
    """As a part, as the torrent's name, and in a v2 tree."""
    raw = name.encode()
    tree = {raw: {b"": {b"length": 1, b"pieces root": b"r" * 32}}}
    v2 = {b"info": {b"name": b"bag", b"piece length": 16384, b"meta version": 2, b"file tree": {b"d": tree}}}
    refused = [part(raw), one(name=raw)] + ([v2] if raw else [])
    for metainfo in refused:
        with pytest.raises(TorrentError) as caught:
            read_metainfo(libtorrent.bencode(metainfo))
        assert code == caught.value.code


def hybrid(change):
    """Make a hybrid of ours and break it."""

    def make(receipt):
        top = libtorrent.bdecode(make_torrent(receipt).metainfo)
        change(top)
        return top

    return make


def _layer(top, change):
    layers = top[b"piece layers"]
    root = next(iter(layers))
    change(layers, root)


def _swap_pieces(layers, root):
    layers[root] = layers[root][32:] + layers[root][:32]


def _first_file(top):
    return top[b"info"][b"files"][0]


BROKEN = {
    "T1 invalid UTF-8": (part(b"\xff\xfe"), "path-encoding"),
    "T1 no string": (listed((b"a", 5)), "path-type"),
    "T1 no path": (listed(()), "path-parts"),
    "T1 too deep": (listed([b"d"] * 40), "path-deep"),
    "T2 symlink attribute": (one(attr=b"l"), "symlink"),
    "T2 symlink among others": (one(attr=b"xl"), "symlink"),
    "T2 symlink path": (one(symlink_path=[b"a"]), "symlink"),
    "T3 the same path": (listed((b"a",), (b"a",)), "path-duplicate"),
    "T3 equal after folding": (listed((b"Strasse",), ("STRAßE".encode(),)), "path-duplicate"),
    "T3 equal after NFC": (listed(("é".encode(),), ("e\u0301".encode(),)), "path-duplicate"),
    "T3 equal but for a dot": (listed((b"a",), (b"a.",)), "path-duplicate"),
    "T3 a file and a folder": (listed((b"a",), (b"A", b"b")), "path-duplicate"),
    "T5 piece length 0": (one(piece_length=0), "piece-length"),
    "T5 piece length negative": (one(piece_length=-16384), "piece-length"),
    "T5 piece length 8 KiB": (one(piece_length=8192), "piece-length"),
    "T5 piece length odd": (one(piece_length=16385), "piece-length"),
    "T5 piece length 48 KiB": (one(piece_length=49152), "piece-length"),
    "T5 piece length 2³¹": (one(piece_length=1 << 31), "piece-length"),
    "T5 too many pieces": (one(length=16384 * 2_000_001), "too-many-pieces"),
    "T5 pieces of 19 bytes": (one(pieces=b"x" * 19), "piece-hashes"),
    "T5 a piece too many": (one(pieces=SHA1 * 2), "piece-hashes"),
    "T5 a negative length": (one(length=-1), "size"),
    "T5 a length of exabytes": (one(length=1 << 62), "size"),
    "T5 lengths that add up": (listed((b"a",), (b"b",), length=1 << 50), "size"),
    "T5 a pad file that pads nothing": (listed((b"a",), files=[PAD]), "pad"),
    "T6 no layers": (hybrid(lambda top: top.pop(b"piece layers")), "layers"),
    "T6 a layer missing": (hybrid(lambda top: _layer(top, lambda layers, root: layers.pop(root))), "layers"),
    "T6 a layer too many": (hybrid(lambda top: top[b"piece layers"].update({b"x" * 32: b"y" * 64})), "layers"),
    "T6 a wrong layer": (hybrid(lambda top: _layer(top, _swap_pieces)), "layer-root"),
    "T6 a short layer": (
        hybrid(lambda top: _layer(top, lambda layers, root: layers.update({root: layers[root][:-32]}))),
        "layer-length",
    ),
    "T6 v1 names another file": (hybrid(lambda top: _first_file(top).update({b"path": [b"other"]})), "hybrid"),
    "T6 v1 in another order": (hybrid(lambda top: top[b"info"][b"files"].reverse()), "hybrid"),
    "T6 v1 without pads": (
        hybrid(lambda top: top[b"info"].update({b"files": [f for f in top[b"info"][b"files"] if b"attr" not in f]})),
        "hybrid",
    ),
    "T6 meta version 3": (hybrid(lambda top: top[b"info"].update({b"meta version": 3})), "version"),
    "T6 a tree without version": (hybrid(lambda top: top[b"info"].pop(b"meta version")), "version"),
    "T6 an empty tree": (hybrid(lambda top: top[b"info"].update({b"file tree": {}})), "shape"),
    "T6 a root of 31 bytes": (
        hybrid(lambda top: top[b"info"][b"file tree"][b"bagit.txt"][b""].update({b"pieces root": b"x" * 31})),
        "root",
    ),
    "T6 a file that is a folder": (
        hybrid(lambda top: top[b"info"][b"file tree"][b"bagit.txt"].update({b"x": {b"": {b"length": 0}}})),
        "path-duplicate",
    ),
    "no dictionary": ([], "shape"),
    "no info": ({}, "shape"),
    "no files": ({b"info": {b"name": b"x", b"piece length": 16384}}, "no-files"),
    "an empty list of files": (listed(), "shape"),
    "a file that is a number": ({b"info": {**one()[b"info"], b"files": [1]}}, "shape"),
    "no name": ({b"info": {b"piece length": 16384, b"length": 1, b"pieces": SHA1}}, "path-type"),
}


@pytest.mark.parametrize(("metainfo", "code"), BROKEN.values(), ids=BROKEN)
def test_broken_metainfo_is_refused(metainfo, code, make_receipt, files):
    """Each row of the table of attacks, under its own code."""
    top = metainfo(make_receipt(files)) if callable(metainfo) else metainfo
    with pytest.raises(TorrentError) as caught:
        read_metainfo(libtorrent.bencode(top))
    assert code == caught.value.code


def test_t5_a_file_of_more_than_ten_megabytes_is_not_even_parsed():
    """The size alone decides."""
    with pytest.raises(TorrentError) as caught:
        read_metainfo(b"d" * 10_000_001)
    assert caught.value.code == "too-large"


def test_t3_many_files_are_compared_in_linear_time():
    """Ten times the files take about ten times the time, duplicates at the very end."""
    spent = []
    for count in (4_000, 40_000):
        paths = [(b"data", b"%d" % number) for number in range(count)]
        content = libtorrent.bencode(listed(*paths, (b"DATA", b"0")))
        started = time.process_time()
        with pytest.raises(TorrentError):
            read_metainfo(content)
        spent.append(time.process_time() - started)
    assert spent[1] < 30 * spent[0] + 0.2


@pytest.mark.parametrize("versions", list(Versions))
def test_our_own_metainfo_is_read_as_it_was_made(make_receipt, files, versions):
    """Names, sizes, offsets, roots and addresses come back."""
    options = TorrentOptions(versions=versions, trackers=(("http://t.example/a",), ("udp://u.example:1",)))
    made = make_torrent(make_receipt(files, 32768), options)
    told = read_metainfo(made.metainfo)
    assert (made.infohash_v1, made.infohash_v2) == (told.infohash_v1, told.infohash_v2)
    content = {"/".join(file.path): file for file in told.files if not file.pad}
    assert {path: len(file) for path, file in files.items()} == {path: file.size for path, file in content.items()}
    for place in made.placements:
        assert place.offset == content[place.path].offset
        assert ("" if versions is Versions.V1 else place.pieces_root) == content[place.path].pieces_root.hex()
    assert options.trackers == told.trackers
    assert (told.private, told.single) == (False, False)


def test_real_torrents_are_read_as_libtorrent_reads_them(shared_torrents):
    """Infohashes agree on all that are valid; the one that is refused has no name, and libtorrent refuses it too."""
    read, refused = {}, {}
    for path in sorted(shared_torrents.rglob("*.torrent")):
        try:
            read[path] = read_metainfo(path.read_bytes())
        except TorrentError as error:
            refused[path.stem] = error.code
    for path, told in read.items():
        hashes = libtorrent.load_torrent_buffer(path.read_bytes()).info_hashes
        ours = (told.infohash_v1 or "0" * 40, told.infohash_v2 or "0" * 64)
        assert (str(hashes.v1), str(hashes.v2)) == ours
    assert len(read) >= 15
    assert refused == {"corrupt": "path-type"}


@given(st.data())
def test_mutated_metainfo_raises_only_our_error(data):
    """Whatever bytes are changed, the answer is metainfo or a TorrentError."""
    top = listed((b"a", b"b"), (b"c",))
    content = bytearray(libtorrent.bencode(top))
    noise = st.sampled_from(b"0123456789deil:-\x00\xffa./")
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(noise)
    try:
        told = read_metainfo(bytes(content))
    except TorrentError:
        return
    info = libtorrent.bencode(libtorrent.bdecode(bytes(content))[b"info"])
    assert hashlib.sha1(info, usedforsecurity=False).hexdigest() == told.infohash_v1
