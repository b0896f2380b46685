"""The checksum file beside a dump: `discogs_20200806_CHECKSUM.txt` beside `discogs_20200806_releases.xml.gz`."""

import re
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import IntegrityError
from tenuto.opening import open_file

__all__ = ["check_published"]

_LINE = re.compile(r"\\?([0-9A-Fa-f]{64})\s+\*?(?:.*/)?([^/\s]+)")
_LONGEST = 1 << 20


def check_published(path: Path, sha256: str) -> str:
    """Compare a dump's digest with the one published beside it: `verified`, or `absent` where none is there.

    Raises IntegrityError where they differ.
    """
    for beside in sorted(path.parent.glob("*CHECKSUM*.txt")):
        if path.name.startswith(beside.name.partition("CHECKSUM")[0]):
            expected = _listed(beside, path.name)
            if expected == sha256:
                return "verified"
            if expected:
                raise IntegrityError(
                    f"{path.name} has SHA-256 {sha256}, {beside.name} says {expected}",
                    hint="Fetch the dump again; nothing of it was taken in.",
                    code="dump-checksum",
                )
    return "absent"


def _listed(beside: Path, name: str) -> str:
    with storage(beside), open_file(beside) as file, file.stream() as stream:
        lines = stream.read(_LONGEST).decode("utf-8", "replace").splitlines()
    matches = (_LINE.fullmatch(line.strip()) for line in lines)
    return next((match[1].lower() for match in matches if match and match[2] == name), "")
