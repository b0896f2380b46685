"""verify: every broken bag is refused and says where; whole ones are not, ours or others'."""

import hashlib
import os
import shutil
import socket

import bagit
import pytest

from tenuto.model.errors import PackageError
from tenuto.packages.tags import decode_path, encode_path
from tenuto.packages.verify import verify_bag

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FILES = {"data/a.txt": b"alpha", "data/sub/b.txt": b"beta"}


def listed(files, algorithm="sha256"):
    """Write a manifest of files."""
    return "".join(
        f"{hashlib.new(algorithm, content).hexdigest()}  {path}\n" for path, content in files.items()
    ).encode()


class Bag:
    """A small valid bag, to be broken; `seal` writes the tag manifest over what is there."""

    def __init__(self, root):
        self.root = root
        self.put("bagit.txt", BAGIT)
        self.put("bag-info.txt", b"Payload-Oxum: 9.2\n")
        for path, content in FILES.items():
            self.put(path, content)
        self.put("manifest-sha256.txt", listed(FILES))

    def put(self, path, content):
        """Write a file."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def list(self, line):
        """Add a line to the payload manifest."""
        with (self.root / "manifest-sha256.txt").open("ab") as stream:
            stream.write(line if isinstance(line, bytes) else line.encode())

    def seal(self):
        """Write the tag manifest."""
        files = {
            path.name: path.read_bytes() for path in self.root.iterdir() if path.is_file() and not path.is_symlink()
        }
        files.pop("tagmanifest-sha256.txt", None)
        self.put("tagmanifest-sha256.txt", listed(files))


@pytest.fixture
def bag(tmp_path):
    """Make a valid bag."""
    made = Bag(tmp_path / "bag")
    made.seal()
    return made


def line(path, content=b"alpha"):
    """Write one manifest line."""
    return f"{hashlib.sha256(content).hexdigest()}  {path}\n"


def add(path, content=b"x", **named):
    """Put a file and list it."""

    def change(bag):
        bag.put(path, content)
        bag.list(line(named.get("as_", path), content))

    return change


def weak_only(*algorithms):
    """Replace the payload manifest by others."""

    def change(bag):
        (bag.root / "manifest-sha256.txt").unlink()
        for algorithm in algorithms:
            bag.put(f"manifest-{algorithm}.txt", listed(FILES, algorithm))

    return change


def symlink(path, target):
    """Put a symbolic link, listed as a file."""

    def change(bag):
        (bag.root / path).symlink_to(target)
        bag.list(line(path))

    return change


def linked_folder(bag):
    """Put the payload folder elsewhere behind a link."""
    (bag.root / "data").rename(bag.root.parent / "elsewhere")
    (bag.root / "data").symlink_to(bag.root.parent / "elsewhere")


def linked_manifest(bag):
    """Put the manifest elsewhere behind a link."""
    (bag.root / "manifest-sha256.txt").rename(bag.root.parent / "manifest")
    (bag.root / "manifest-sha256.txt").symlink_to(bag.root.parent / "manifest")


def fifo(bag):
    """Put a FIFO into the payload."""
    os.mkfifo(bag.root / "data" / "pipe")


def a_socket(bag):
    """Put a socket into the payload."""
    here = os.getcwd()  # noqa: PTH109 - a socket's path must be short
    os.chdir(bag.root / "data")
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s")
    finally:
        os.chdir(here)


def one_manifest_lacks(bag):
    """Add a second manifest that lists one file less."""
    bag.put("manifest-sha512.txt", listed({"data/a.txt": b"alpha"}, "sha512"))


def put(path, content):
    """Put a file."""
    return lambda bag: bag.put(path, content)


def lines(*added):
    """Add lines to the payload manifest."""
    return lambda bag: [bag.list(text) for text in added]


def drop(path):
    """Remove a file."""
    return lambda bag: (bag.root / path).unlink()


BROKEN = {
    "a path that climbs": (lines(line("data/../../etc/passwd")), "manifest-path"),
    "a path that climbs at once": (lines(line("../outside")), "manifest-path"),
    "an absolute path": (lines(line("/etc/passwd")), "manifest-path"),
    "a home path": (lines(line("~/.ssh/id")), "manifest-path"),
    "a line break in a path": (add("data/x\r\ny", as_="data/x%0d%0ay"), "manifest-path"),
    "a backslash": (lines(line("data\\a.txt")), "manifest-path"),
    "a drive": (lines(line("C:/data/a.txt")), "manifest-path"),
    "a dot part": (lines(line("data/./a.txt")), "manifest-path"),
    "an empty part": (lines(line("data//a.txt")), "manifest-path"),
    "a bare percent sign": (add("data/100%"), "manifest-path"),
    "a binary marker": (lines(f"{'0' * 64} *data/a.txt\n"), "manifest-path"),
    "a tag file in the payload manifest": (lines(line("bagit.txt", BAGIT)), "manifest-path"),
    "a NUL in a path": (lines(line("data/a\0.txt")), "manifest-path"),
    "a part too long": (lines(line(f"data/{'x' * 256}")), "manifest-path"),
    "a line without a path": (lines("abc\n"), "manifest-line"),
    "a line that is no digest": (lines("zz  data/a.txt\n"), "manifest-line"),
    "a digest too short": (lines("abcd  data/c.txt\n"), "manifest-digest"),
    "a file listed twice": (lines(line("data/a.txt")), "manifest-twice"),
    "no UTF-8 in a manifest": (lines(b"0" * 64 + b"  data/\xff\n"), "encoding"),
    "a byte order mark in a manifest": (put("manifest-sha256.txt", b"\xef\xbb\xbf" + listed(FILES)), "bom"),
    "a file missing": (drop("data/a.txt"), "missing"),
    "a file unlisted": (put("data/c.txt", b"gamma"), "unlisted"),
    "a hidden file unlisted": (put("data/.c", b"gamma"), "unlisted"),
    "a file in only one manifest": (one_manifest_lacks, "unlisted"),
    "a byte changed": (put("data/a.txt", b"alphA"), "changed"),
    "an unlisted tag file": (lambda bag: bag.seal() or bag.put("notes.txt", b""), "unlisted"),
    "names equal after case folding": (add("data/A.TXT"), "same-name"),
    "names equal after NFC": (lambda bag: (add("data/é")(bag), add("data/e\u0301")(bag)), "same-name"),
    "names equal but for a dot": (add("data/a.txt."), "same-name"),
    "MD5 alone": (weak_only("md5"), "weak"),
    "MD5 and SHA-1 alone": (weak_only("md5", "sha1"), "weak"),
    "an unknown algorithm": (put("manifest-crc32.txt", b""), "algorithm"),
    "no manifest": (drop("manifest-sha256.txt"), "no-manifest"),
    "no payload folder": (lambda bag: shutil.rmtree(bag.root / "data"), "no-data"),
    "no bagit.txt": (drop("bagit.txt"), "bagit-txt"),
    "an empty bagit.txt": (put("bagit.txt", b""), "bagit-txt"),
    "a byte order mark in bagit.txt": (put("bagit.txt", b"\xef\xbb\xbf" + BAGIT), "bagit-txt"),
    "a third line in bagit.txt": (put("bagit.txt", BAGIT + b"X: y\n"), "bagit-txt"),
    "lines swapped in bagit.txt": (put("bagit.txt", b"".join(BAGIT.splitlines(keepends=True)[::-1])), "bagit-txt"),
    "an unknown version": (put("bagit.txt", BAGIT.replace(b"1.0", b"2.0")), "bagit-txt"),
    "another encoding": (put("bagit.txt", BAGIT.replace(b"UTF-8", b"UTF-16")), "bagit-txt"),
    "a wrong octet count": (put("bag-info.txt", b"Payload-Oxum: 8.2\n"), "oxum"),
    "a wrong file count": (put("bag-info.txt", b"Payload-Oxum: 9.3\n"), "oxum"),
    "a Payload-Oxum that is none": (put("bag-info.txt", b"Payload-Oxum: many\n"), "oxum"),
    "two Payload-Oxums": (put("bag-info.txt", b"Payload-Oxum: 9.2\nPayload-Oxum: 9.2\n"), "oxum"),
    "bag-info.txt without labels": (put("bag-info.txt", b"nothing here\n"), "bag-info"),
    "bag-info.txt that is no UTF-8": (put("bag-info.txt", b"A: \xff\n"), "encoding"),
    "fetch.txt": (put("fetch.txt", b"http://127.0.0.1/x 5 data/c.txt\n"), "fetch"),
    "a symbolic link in the payload": (symlink("data/link", "a.txt"), "not-a-file"),
    "a symbolic link out of the bag": (symlink("data/link", "/etc/passwd"), "not-a-file"),
    "the payload folder a link": (linked_folder, "not-a-file"),
    "the manifest a link": (linked_manifest, "not-a-file"),
    "a FIFO": (fifo, "not-a-file"),
    "a socket": (a_socket, "not-a-file"),
    "a name of invalid UTF-8": (lambda bag: bag.put(os.fsdecode(b"data/\xff"), b"x"), "file-name"),
}


@pytest.mark.parametrize(("change", "code"), BROKEN.values(), ids=BROKEN)
def test_a_broken_bag_is_refused(bag, change, code):
    """Each fault is found, under its own code, and no file outside is read."""
    change(bag)
    if code != "unlisted":
        bag.seal()
    assert code in {problem.code for problem in verify_bag(bag.root).problems}


def test_a_changed_tag_file_is_noticed(bag):
    """The tag manifest's digests are checked too."""
    bag.put("bag-info.txt", b"Payload-Oxum: 9.2\nContact-Name: Mallory\n")
    assert [problem.code for problem in verify_bag(bag.root).problems] == ["changed"]


@pytest.mark.parametrize("path", ["/etc/passwd", "~/.ssh/id", "../bagit.txt", "data/a.txt", "*bag-info.txt"])
def test_a_tag_manifest_names_tag_files_alone(bag, path):
    """Its paths are held to the same rule, and it may not speak for the payload."""
    bag.put("tagmanifest-sha256.txt", (bag.root / "tagmanifest-sha256.txt").read_bytes() + line(path).encode())
    assert [problem.code for problem in verify_bag(bag.root).problems] == ["manifest-path"]


VALID = {
    "as it is": put("data/a.txt", b"alpha"),
    "no tag manifest": drop("tagmanifest-sha256.txt"),
    "no bag-info.txt": drop("bag-info.txt"),
    "MD5 beside SHA-256": put("manifest-md5.txt", listed(FILES, "md5")),
    "SHA-512 beside SHA-256": put("manifest-sha512.txt", listed(FILES, "sha512")),
    "carriage returns": put("manifest-sha256.txt", listed(FILES).replace(b"\n", b"\r\n")),
    "upper case digests": put(
        "manifest-sha256.txt",
        listed(FILES)
        .replace(b"a", b"a")
        .upper()
        .replace(b"DATA", b"data")
        .replace(b"A.TXT", b"a.txt")
        .replace(b"SUB/B.TXT", b"sub/b.txt"),
    ),
    "folded lines": put("bag-info.txt", b"External-Description: one\n two\nPayload-Oxum: 9.2\n"),
    "the last draft's version": put("bagit.txt", BAGIT.replace(b"1.0", b"0.97")),
    "an encoded percent sign": lambda bag: (
        add("data/100%", as_="data/100%25")(bag),
        bag.put("bag-info.txt", b"A: b\n"),
    ),
    "an empty payload file": lambda bag: (add("data/empty", b"")(bag), bag.put("bag-info.txt", b"Payload-Oxum: 9.3\n")),
}


@pytest.mark.parametrize("change", VALID.values(), ids=VALID)
def test_what_the_specification_allows_is_valid(bag, change):
    """Strictness does not refuse other people's proper bags; bagit.py agrees."""
    change(bag)
    if (bag.root / "tagmanifest-sha256.txt").exists():
        bag.seal()
    assert verify_bag(bag.root).problems == ()
    if not (bag.root / "data" / "100%").exists():  # bagit.py 1.9.0 leaves %25 as it stands
        assert bagit.Bag(str(bag.root)).validate(processes=1)


def test_bags_made_by_bagit_are_valid(tmp_path):
    """What the Library of Congress's library makes passes."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "one").write_bytes(b"1")
    (tmp_path / "in" / "sub" / "zwö").write_bytes(b"2" * 100_000)
    bagit.make_bag(str(tmp_path / "in"), checksums=["sha256", "sha512"])
    assert verify_bag(tmp_path / "in").problems == ()


def test_fetch_can_be_allowed_but_files_must_be_there(bag):
    """With fetch.txt allowed, what it would fetch is still missing."""
    bag.put("fetch.txt", b"https://example.org/x 5 data/c.txt\n")
    bag.list(line("data/c.txt"))
    bag.seal()
    assert [problem.code for problem in verify_bag(bag.root, allow_fetch=True).problems] == ["missing"]


def test_only_a_directory_is_a_bag(bag, tmp_path):
    """A file, a link to a bag and nothing at all raise."""
    (tmp_path / "link").symlink_to(bag.root)
    for path in (tmp_path / "none", bag.root / "bagit.txt", tmp_path / "link"):
        with pytest.raises(PackageError):
            verify_bag(path)


@pytest.mark.parametrize("path", ["data/a", "data/100%", "data/a\nb\r", "data/%0A", "data/é %25"])
def test_paths_survive_their_encoding(path):
    """Encoding and decoding undo each other, and no encoded path has a line break."""
    assert path == decode_path(encode_path(path))
    assert not set("\r\n") & set(encode_path(path))
