"""Verifying bags, ours and others', strictly (RFC 8493): a bag is valid when no problem is found.

Stricter than the specification where it leaves a hole: a digest stronger than MD5 and SHA-1 for every payload file,
no symbolic links, no fetch.txt unless asked for, no names that are one on another file system, no unlisted tag file.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from tenuto.durable import storage
from tenuto.model.errors import IntegrityError, PackageError, StorageError, UnsafeInputError
from tenuto.packages.bag_tree import Tree, read_small, tree_of
from tenuto.packages.declaration import check_bagit_txt, check_info
from tenuto.packages.file_digests import digests_of
from tenuto.packages.manifests import ALGORITHMS, TRUSTED, Manifest, Problem, clashes, path_fault, read_manifest

__all__ = ["BagReport", "Problem", "verify_bag"]

_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class BagReport:
    """What a verification found."""

    name: str
    files: int
    """Payload files."""
    size: int
    """Payload bytes."""
    problems: tuple[Problem, ...]

    @property
    def valid(self) -> bool:
        """Whether every byte is what the bag says, and nothing is amiss."""
        return not self.problems


def verify_bag(bag: Path, *, allow_fetch: bool = False, workers: int = 2) -> BagReport:
    """Read a whole bag and report every problem found; raises PackageError only where there is no directory."""
    if bag.is_symlink() or not bag.is_dir():
        raise PackageError(f"{bag} is no directory", hint="Give the path of a bag's own directory.", code="no-bag")
    with storage(bag):
        tree = tree_of(bag)
    problems = [*tree.problems, *_check_names(tree), *_check_tags(bag, tree, allow_fetch=allow_fetch)]
    manifests = [] if _hopeless(problems) else list(_manifests(bag, tree))
    problems.extend(chain.from_iterable(manifest.problems for manifest in manifests))
    problems.extend(_check_listing(tree, manifests))
    problems.extend(_check_digests(bag, tree, manifests, workers))
    payload = tree.payload()
    return BagReport(name=bag.name, files=len(payload), size=sum(payload.values()), problems=tuple(problems))


def _hopeless(problems: list[Problem]) -> bool:
    """Whether the manifests cannot be read for what they say."""
    return any(problem.code == "bagit-txt" for problem in problems)


def _check_names(tree: Tree) -> Iterator[Problem]:
    for path in tree.files:
        fault = path_fault(path)
        if fault is not None:
            yield Problem(code="file-name", path=ascii(path), reason=f"the name {fault}")
    yield from clashes(tree.files)


def _check_tags(bag: Path, tree: Tree, *, allow_fetch: bool) -> Iterator[Problem]:
    yield from check_bagit_txt(read_small(bag, tree, "bagit.txt"))
    if not tree.has_data:
        yield Problem(code="no-data", path="data", reason="there is no payload directory")
    if "bag-info.txt" in tree.files:
        yield from check_info(read_small(bag, tree, "bag-info.txt"), tree.payload())
    if "fetch.txt" in tree.files and not allow_fetch:
        yield Problem(code="fetch", path="fetch.txt", reason="it asks for files from elsewhere, which is not allowed")


def _manifests(bag: Path, tree: Tree) -> Iterator[Manifest]:
    for file in sorted(tree.files):
        match = _MANIFEST.fullmatch(file)
        if match is None:
            continue
        if match[2] not in ALGORITHMS:
            fault = Problem(code="algorithm", path=file, reason=f"{match[2]} is no known algorithm")
            yield Manifest(file=file, algorithm="", entries={}, problems=(fault,))
        else:
            yield read_manifest(file, match[2], read_small(bag, tree, file) or b"", payload=match[1] is None)


def _check_listing(tree: Tree, manifests: list[Manifest]) -> Iterator[Problem]:
    payload = [manifest for manifest in manifests if not manifest.file.startswith("tag")]
    tags = [manifest for manifest in manifests if manifest.file.startswith("tag")]
    if not payload:
        yield Problem(code="no-manifest", path="", reason="there is no payload manifest")
    elif TRUSTED.isdisjoint(manifest.algorithm for manifest in payload):
        weak = ", ".join(manifest.algorithm for manifest in payload)
        yield Problem(code="weak", path="", reason=f"the only payload manifests are {weak}, which prove nothing")
    unlisted_by_nature = {manifest.file for manifest in tags}
    yield from _compare(payload, set(tree.payload()))
    yield from _compare(tags, set(tree.files) - set(tree.payload()) - unlisted_by_nature)
    yield from clashes(set(chain.from_iterable(manifest.entries for manifest in manifests)) - set(tree.files))


def _compare(manifests: list[Manifest], there: set[str]) -> Iterator[Problem]:
    for manifest in manifests:
        listed = set(manifest.entries)
        for path in sorted(listed - there):
            yield Problem(code="missing", path=path, reason=f"{manifest.file} lists it, but it is not there")
        for path in sorted(there - listed):
            yield Problem(code="unlisted", path=path, reason=f"{manifest.file} does not list it")


def _check_digests(bag: Path, tree: Tree, manifests: list[Manifest], workers: int) -> Iterator[Problem]:
    wanted: dict[str, dict[str, str]] = {}
    for manifest in manifests:
        for path, digest in manifest.entries.items():
            if path in tree.files:
                wanted.setdefault(path, {})[manifest.algorithm] = digest
    with ThreadPoolExecutor(workers) as pool:
        yield from chain.from_iterable(pool.map(_check_file, repeat(bag), wanted.items()))


def _check_file(bag: Path, wanted: tuple[str, dict[str, str]]) -> list[Problem]:
    path, expected = wanted
    try:
        found = digests_of(bag, path, {name: ALGORITHMS[name] for name in expected})
    except (IntegrityError, StorageError, UnsafeInputError) as error:
        return [Problem(code="unreadable", path=path, reason=str(error))]
    wrong = [name for name, digest in expected.items() if found[name] != digest]
    return [
        Problem(code="changed", path=path, reason=f"its bytes are not those of the {name} manifest") for name in wrong
    ]
