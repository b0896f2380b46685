"""What lies in a bag's directory, looked at without following a link."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenuto.durable import storage
from tenuto.opening import open_beneath
from tenuto.packages.manifests import Problem

__all__ = ["Tree", "read_small", "tree_of"]

_MAX_TAG_FILE = 256 << 20
_KINDS = {stat.S_IFLNK: "a symbolic link", stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The regular files of a bag, path → bytes, and what should not be there."""

    files: dict[str, int]
    has_data: bool
    problems: tuple[Problem, ...]

    def payload(self) -> dict[str, int]:
        """Pick the files under data/."""
        return {path: size for path, size in self.files.items() if path.startswith("data/")}


def tree_of(bag: Path) -> Tree:
    """List a bag; symbolic links and devices are problems and are not looked into."""
    files: dict[str, int] = {}
    problems: list[Problem] = []
    for path, mode, size in _walk(bag, ""):
        if stat.S_ISREG(mode):
            files[path] = size
        else:
            kind = _KINDS.get(stat.S_IFMT(mode), "a device")
            problems.append(Problem(code="not-a-file", path=path, reason=f"it is {kind}"))
    data = bag / "data"
    return Tree(files=files, has_data=data.is_dir() and not data.is_symlink(), problems=tuple(problems))


def _walk(directory: Path, prefix: str) -> Iterator[tuple[str, int, int]]:
    """Walk everything below that is no directory, by a stack, so that depth is no danger."""
    stack = [(directory, prefix)]
    while stack:
        here, before = stack.pop()
        with os.scandir(here) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                facts = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(facts.st_mode):
                    stack.append((Path(entry.path), f"{before}{entry.name}/"))
                else:
                    yield f"{before}{entry.name}", facts.st_mode, facts.st_size


def read_small(bag: Path, tree: Tree, path: str) -> bytes | None:
    """Read a tag file; None where it is missing or larger than any tag file should be."""
    if tree.files.get(path, _MAX_TAG_FILE + 1) > _MAX_TAG_FILE:
        return None
    with storage(bag / path), open_beneath(bag, path) as file, file.stream() as stream:
        return stream.read(_MAX_TAG_FILE)
