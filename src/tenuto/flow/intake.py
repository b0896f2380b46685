"""From files on disk to captures, store and ledger, batch by batch; a batch is acknowledged whole or not at all.

1. Files already captured with the same size, time and licence documents are passed over.
2. Each file of a batch is opened once; what that descriptor gives is probed in a child process and judged.
3. Where the verdict is open, what the same descriptor gives is copied into the store and hashed in one read, the rest
   is hashed only; a file that changed since it was opened is neither.
4. Durable in this order: store, capture, ledger. The ledger's head acknowledges the batch.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Self, TypeVar

from tenuto.audio.pool import Limits, ProbePool
from tenuto.audio.store import Staged, Store
from tenuto.flow.acknowledged import captured, captures, discard_leftover, pinned
from tenuto.flow.archive import Archive
from tenuto.flow.judging import as_declared, rights_options
from tenuto.flow.probing import probed_copies, probed_files
from tenuto.harvest.captures import next_capture_id, write_capture
from tenuto.harvest.found import FoundFile, Tree
from tenuto.ledger.chain import Event
from tenuto.model.audio import AudioProblem, Failure, Probe
from tenuto.model.capture import Capture, CaptureHead, Document, Observation
from tenuto.model.config import byte_size
from tenuto.model.errors import IntegrityError, TenutoError
from tenuto.model.ids import Sha256
from tenuto.model.progress import Progress
from tenuto.model.rights import Decision, Verdict
from tenuto.model.source import Source
from tenuto.opening import OpenFile
from tenuto.rights.judge import judge
from tenuto.sources import observed_source

__all__ = ["Collection", "Intake", "Tally"]

_BATCH = 256
_UNSTABLE = "file-unstable"
_NOT_YET = Sha256("0" * 64)  # stands for the digest while only the tags were read: what is kept is decided before
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What a tree of files is, before its files are known."""

    source: Source
    name: str
    origin: str
    facts: tuple[tuple[str, str], ...] = ()
    relevant: Callable[[Sequence[Document], str], tuple[Document, ...]]
    """Which documents may speak about the file at a path."""


@dataclass(slots=True)
class Tally:
    """What a harvest did, counted."""

    source: str
    collection: str
    considered: int = 0
    known: int = 0
    """Passed over, because an earlier harvest captured them."""
    kept: int = 0
    kept_bytes: int = 0
    read_bytes: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Files by decision and reason code."""
    failure: TenutoError | None = None
    """Why the collection could not be had."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """One file of a batch, with its bits staged where they may be kept."""

    observation: Observation
    key: str
    verdict: Verdict
    staged: Staged | None = None


class Intake:
    """Takes trees of files into one archive; a context manager, since it runs parser processes."""

    def __init__(self, archive: Archive, progress: Progress) -> None:
        """Prepare for `archive`, which the caller has locked."""
        limits = archive.config.harvest
        self._archive = archive
        self.progress = progress
        self._store = Store(archive.layout.store)
        self._options = rights_options(archive.config)
        self._taken: set[str] = set()
        self._pool = ProbePool(
            workers=limits.workers,
            limits=Limits(seconds=limits.seconds_per_file, file_size=byte_size(limits.largest_file)),
        )

    def __enter__(self) -> Self:
        """Remove what a crash left between capture and ledger, and start the parsers."""
        discard_leftover(self._archive)
        self._taken = set(pinned(self._archive))
        self._pool.__enter__()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Stop the parsers."""
        self._pool.__exit__(*exc_info)

    def take(self, collection: Collection, trees: Iterable[Tree], *, again: bool = False) -> Tally:
        """Take trees in, one after the other; raises StorageError where the disk refuses, all finished batches kept.

        What an earlier harvest captured is passed over, unless `again`.
        """
        tally = Tally(collection.source.name, collection.name)
        known = {} if again else self._known(collection)
        for tree in trees:
            told = replace(collection, facts=collection.facts + tree.facts)
            self._take_tree(told, tree, known, tally)
        return tally

    def _take_tree(self, collection: Collection, tree: Tree, known: dict[str, str], tally: Tally) -> None:
        todo = [file for file in tree.files if not self._is_known(collection, tree, known, file)]
        refused = [(path, failure) for path, failure in tree.refused if known.get(path) != failure.code]
        tally.considered += len(tree.files) + len(tree.refused)
        tally.known += len(tree.files) + len(tree.refused) - len(todo) - len(refused)
        self.progress.start(f"Reading {'/'.join(filter(None, (collection.name, tree.name)))}", len(todo), "files")
        for batch in _batches(todo, _BATCH):
            self._take_batch(self._head(collection, tree, batch), batch, tally)
        if refused:
            self._take_refused(self._head(collection, tree, ()), refused, tally)
        self.progress.finish()

    def lacks(self, source: str, collection: str) -> bool:
        """Tell whether something captured before would be kept today and is not in the store."""
        found = captures(self._archive)
        mine = (c for c in found if (c.head.source, c.head.collection) == (source, collection))
        return any(self._is_lacking(capture.head, seen) for capture in mine for seen in capture.observations)

    def _take_batch(self, head: CaptureHead, batch: Sequence[FoundFile], tally: Tally) -> None:
        taken: list[_Taken] = []
        try:
            for found, file, probed in probed_files(self._pool, batch):
                seen = Observation(path=found.path, size=found.size, modified_ns=found.modified_ns)
                taken.append(self._take_file(head, seen, file, probed))
                tally.read_bytes += found.size
                self.progress.advance(1)
            taken = self._confirmed(head, taken)
            self._store.commit([one.staged for one in taken if one.staged is not None])
        except BaseException:
            self._store.discard([one.staged for one in taken if one.staged is not None])
            raise
        self._acknowledge(head, taken, tally)

    def _take_file(
        self, head: CaptureHead, seen: Observation, file: OpenFile | None, probed: Probe | Failure
    ) -> _Taken:
        seen = replace(seen, probe=probed) if isinstance(probed, Probe) else replace(seen, failure=probed)
        if file is None:
            return self._judged(head, seen)
        if isinstance(probed, Failure) and probed.code == AudioProblem.TOO_LARGE:
            return self._judged(head, seen)  # what is too large to be kept is not read to its end either
        judged = self._judged(head, replace(seen, sha256=_NOT_YET))
        try:
            if judged.verdict.decision is Decision.OPEN:
                staged = self._store.stage(file)
                return replace(judged, observation=replace(seen, sha256=staged.sha256, size=staged.size), staged=staged)
            sha256, size = self._store.digest(file)
            return replace(judged, observation=replace(seen, sha256=sha256, size=size))
        except IntegrityError as error:
            return self._unstable(head, seen, str(error))

    def _confirmed(self, head: CaptureHead, taken: Sequence[_Taken]) -> list[_Taken]:
        """Probe the copies that are to be kept: each must be what was judged, whatever became of the file since.

        A file that another process has mapped can change without a trace in its times.
        """
        kept = [one for one in taken if one.staged is not None]
        copies = dict(zip(map(id, kept), probed_copies(self._pool, map(_copy, kept)), strict=True))
        same = (copies.get(id(one), one.observation.probe) == one.observation.probe for one in taken)
        return [one if is_same else self._dropped(head, one) for one, is_same in zip(taken, same, strict=True)]

    def _dropped(self, head: CaptureHead, one: _Taken) -> _Taken:
        if one.staged is not None:
            self._store.discard([one.staged])
        return self._unstable(head, replace(one.observation, sha256=None), "its bytes are not those that were judged")

    def _unstable(self, head: CaptureHead, seen: Observation, reason: str) -> _Taken:
        return self._judged(head, replace(seen, probe=None, failure=Failure(code=_UNSTABLE, reason=reason)))

    def _judged(self, head: CaptureHead, seen: Observation) -> _Taken:
        record = observed_source(head.source).read(as_declared(head, self._archive.config), seen)
        return _Taken(seen, record.key, judge(record, self._options))

    def _take_refused(self, head: CaptureHead, refused: Iterable[tuple[str, Failure]], tally: Tally) -> None:
        seen = (Observation(path=path, size=0, failure=failure) for path, failure in refused)
        self._acknowledge(head, [self._judged(head, one) for one in seen], tally)

    def _acknowledge(self, head: CaptureHead, taken: Sequence[_Taken], tally: Tally) -> None:
        capture = Capture(head=head, observations=tuple(one.observation for one in taken))
        file = write_capture(self._archive.layout.captures, capture)
        self._archive.ledger.append([captured(file), *(_event(head, one) for one in taken)])
        self._taken.add(file.id)
        for one in taken:
            _count(tally, one)

    def _head(self, collection: Collection, tree: Tree, batch: Sequence[FoundFile]) -> CaptureHead:
        spoken = {
            document.path: document for file in batch for document in collection.relevant(tree.documents, file.path)
        }
        return CaptureHead(
            id=next_capture_id(self._taken, collection.source.name, collection.name),
            source=collection.source.name,
            collection=collection.name,
            origin=collection.origin,
            captured_at=self._archive.now(),
            facts=collection.facts,
            documents=tuple(spoken[path] for path in sorted(spoken)),
        )

    def _known(self, collection: Collection) -> dict[str, str]:
        """Give what earlier harvests captured: path → a digest of all that its verdict rests on."""
        known: dict[str, str] = {}
        for capture in captures(self._archive):
            if (capture.head.source, capture.head.collection) == (collection.source.name, collection.name):
                for seen in capture.observations:
                    known[seen.path] = self._state_of(collection, capture.head, seen)
        return known

    def _state_of(self, collection: Collection, head: CaptureHead, seen: Observation) -> str:
        if seen.failure is not None and seen.sha256 is None:
            return seen.failure.code
        if self._is_lacking(head, seen):
            return "to be kept now"
        return _state(seen.size, seen.modified_ns, head.facts, collection.relevant(head.documents, seen.path))

    def _is_lacking(self, head: CaptureHead, seen: Observation) -> bool:
        held = seen.sha256 is None or self._store.has(seen.sha256)
        return not held and self._judged(head, seen).verdict.decision is Decision.OPEN

    def _is_known(self, collection: Collection, tree: Tree, known: dict[str, str], file: FoundFile) -> bool:
        spoken = collection.relevant(tree.documents, file.path)
        return known.get(file.path) == _state(file.size, file.modified_ns, collection.facts, spoken)


def _copy(one: _Taken) -> tuple[Path, str]:
    """Give where a staged copy lies, and the name of what it is a copy of."""
    return one.staged.temporary if one.staged else Path(), one.observation.path.rpartition("/")[2]


def _state(size: int, modified_ns: int, facts: tuple[tuple[str, str], ...], documents: Iterable[Document]) -> str:
    """Digest all that a file's verdict may rest on, so that a change of any of it is noticed."""
    said = sorted((document.path, document.sha256) for document in documents)
    return hashlib.sha256(repr((size, modified_ns, facts, said)).encode("utf-8", "surrogatepass")).hexdigest()


def _event(head: CaptureHead, one: _Taken) -> Event:
    return Event(
        event="kept" if one.verdict.decision is Decision.OPEN else one.verdict.decision.value,
        subject=f"{head.source}:{one.key}",
        code=one.verdict.code,
        reason=one.verdict.reason,
        sha256=one.observation.sha256 or "",
        capture=head.id,
    )


def _count(tally: Tally, one: _Taken) -> None:
    tally.outcomes[one.verdict.decision.value, one.verdict.code] += 1
    if one.staged is not None:
        tally.kept += 1
        tally.kept_bytes += one.staged.size


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
