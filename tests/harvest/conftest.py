"""Archives and packages made on the spot: honest ones and hostile ones."""

import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from tenuto.harvest.found import Caps

OGG = b"OggS" + bytes(60)


@pytest.fixture
def ogg():
    """Give bytes that stand for a piece of music."""
    return OGG


@pytest.fixture
def small_caps():
    """Give caps small enough to run into."""
    return Caps(
        document=100, documents=250, member=5_000, archive=8_000, members=20, ratio=50, ratio_from=2_000, index=40_000
    )


@pytest.fixture
def make_zip():
    """Write a zip from (name or ZipInfo, content) pairs."""

    def make(path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in members:
                archive.writestr(name, content)
        return path

    return make


@pytest.fixture
def make_deb():
    """Write a .deb from tar members; names, types and modes are taken as they are."""

    def make(
        path: Path,
        members: list[tuple[tarfile.TarInfo, bytes]],
        compression: str = "gz",
        tail: bytes = b"",
        claimed: int = 0,
    ):
        parts = [("debian-binary", b"2.0\n"), ("control.tar.gz", gzip.compress(_tar([_control()])))]
        compress = {"gz": gzip.compress, "xz": lzma.compress}[compression]
        parts.append((f"data.tar.{compression}", compress(_tar(members, claimed) + tail)))
        path.write_bytes(b"!<arch>\n" + b"".join(_ar(name, content) for name, content in parts))
        return path

    return make


@pytest.fixture
def entry():
    """Make a tar member."""

    def make(name: str, content: bytes = OGG, kind: bytes = tarfile.REGTYPE, mode: int = 0o644, link: str = ""):
        info = tarfile.TarInfo(name)
        info.type, info.mode, info.linkname, info.mtime = kind, mode, link, 1_600_000_000
        info.size = len(content) if kind == tarfile.REGTYPE else 0
        return info, content

    return make


@pytest.fixture
def unix_member():
    """Make a zip member with a Unix mode."""

    def make(name: str, mode: int):
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (mode or stat.S_IFREG | 0o644) << 16
        return info

    return make


def _control() -> tuple[tarfile.TarInfo, bytes]:
    content = b"Package: music\nVersion: 1\nArchitecture: all\nMaintainer: us <us@example.org>\nDescription: music\n"
    info = tarfile.TarInfo("./control")
    info.size = len(content)
    return info, content


def _tar(members: list[tuple[tarfile.TarInfo, bytes]], claimed: int = 0) -> bytes:
    """Write a tar stream; `claimed` is what its last header says its size is, in place of the truth."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
            at = stream.tell() - 512 - -(-info.size // 512) * 512
        if claimed:
            info.size = claimed
            stream.seek(at)
            stream.write(info.tobuf(tarfile.GNU_FORMAT))
            stream.seek(0, io.SEEK_END)
    return stream.getvalue()


def _ar(name: str, content: bytes) -> bytes:
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode("ascii")
    return header + content + b"\n" * (len(content) % 2)
