"""Writing bags (BagIt 1.0, RFC 8493): whole or not at all, and the same plan always as the same bytes."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tenuto.durable import TEMPORARY, publish, storage, sync_filesystem, write_file
from tenuto.model.document import from_json, to_json
from tenuto.model.errors import IntegrityError, PackageError
from tenuto.model.ids import Sha256
from tenuto.model.package import BagFile, BagReceipt, FileDigest
from tenuto.model.progress import Progress, Silent
from tenuto.model.rights import Licence
from tenuto.packages.attribution import attribution_files
from tenuto.packages.hashing import digest_many, piece_length_for
from tenuto.packages.plan import BagPlan, PlannedFile
from tenuto.packages.tags import bag_info, bagit_txt, manifest

__all__ = ["BagOptions", "bag_names", "read_receipt", "receipt_digest", "write_bag"]

_NO_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS})


@dataclass(frozen=True, slots=True, kw_only=True)
class BagOptions:
    """What the operator says of every bag, and how it is hashed."""

    organisation: str
    contact: str
    """A name or an e-mail address."""
    description: str = ""
    date: str = ""
    """ISO 8601 day for Bagging-Date, left out where empty: no clock is read."""
    piece_length: int | None = None
    """Bytes; None chooses by the bag's size."""
    licences: Mapping[str, Licence] = field(default_factory=dict)
    """Licences by id, for their names."""


def bag_names(root: Path) -> frozenset[str]:
    """Name the finished bags under `root`."""
    if not root.is_dir():
        return frozenset()
    return frozenset(path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(TEMPORARY))


def read_receipt(root: Path, name: str, sha256: str) -> BagReceipt:
    """Read the receipt of a finished bag, which must have the digest that was recorded when it was written.

    Raises PackageError where bag or receipt is missing, IntegrityError where the receipt is another one.
    """
    path = _receipt_path(root, name)
    if not (root / name).is_dir() or not path.is_file():
        raise PackageError(f"{root / name} is no finished bag", code="no-bag")
    with storage(path):
        content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        hint = "Restore it from a copy; or move the bag and its receipt away, and `tenuto pack` makes a new bag."
        raise IntegrityError(f"{path} is not the receipt that the ledger names", hint=hint, code="receipt-changed")
    return from_json(BagReceipt, content)


def receipt_digest(receipt: BagReceipt) -> Sha256:
    """Give the SHA-256 of a receipt's file."""
    return Sha256(hashlib.sha256(_receipt_bytes(receipt)).hexdigest())


def _write_receipt(path: Path, content: bytes) -> None:
    with storage(path):
        if path.is_file() and path.read_bytes() == content:
            return
    write_file(path, content)


def _receipt_bytes(receipt: BagReceipt) -> bytes:
    return to_json(receipt).encode()


def write_bag(
    plan: BagPlan,
    source: Callable[[Sha256], Path],
    root: Path,
    options: BagOptions,
    progress: Progress | None = None,
) -> BagReceipt:
    """Write the bag `root/<name>` and its receipt `root/<name>.receipt.json`.

    A bag that stands there already was written but not acknowledged before a crash: it is left alone if it is, byte for
    byte, what would be written. Raises IntegrityError where a file's bytes are not those its digest promises,
    StorageError where the disk refuses, PackageError where another bag stands under the name. Whatever instant it is
    killed at, a visible bag is whole and has its receipt, which is durable before the directory gets its name.
    """
    building = root / f"{TEMPORARY}{plan.name}"
    try:
        _clear(building)
        receipt = _build(plan, source, building, options, progress or Silent())
        _check_standing(root / plan.name, receipt)
        sync_filesystem(building)
        _write_receipt(_receipt_path(root, plan.name), _receipt_bytes(receipt))
        if not (root / plan.name).exists():
            publish(building, root / plan.name)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return receipt


def _receipt_path(root: Path, name: str) -> Path:
    return root / f"{name}.receipt.json"


def _check_standing(bag: Path, receipt: BagReceipt) -> None:
    """Where a bag stands already, see that it is byte for byte what was built again."""
    if not bag.exists():
        return
    expected = {file.path: file.digest.sha256 for file in receipt.files}
    paths = sorted(path for path in bag.rglob("*") if not path.is_dir())
    digests = digest_many(paths, receipt.piece_length)
    if {
        path.relative_to(bag).as_posix(): digest.sha256 for path, digest in zip(paths, digests, strict=True)
    } != expected:
        raise PackageError(
            f"{bag} is not what would be written, and the ledger does not name it",
            hint="Move it away; then run `tenuto pack` again.",
            code="bag-exists",
        )


def _clear(building: Path) -> None:
    with storage(building):
        if building.is_dir():
            shutil.rmtree(building)
        building.mkdir(parents=True)


def _build(
    plan: BagPlan, source: Callable[[Sha256], Path], building: Path, options: BagOptions, progress: Progress
) -> BagReceipt:
    piece_length = options.piece_length or piece_length_for(plan.size)
    paths = (_linked(file, source(file.sha256), building / file.path) for file in plan.files)
    progress.start(f"Packing {plan.name}", plan.size, "bytes")
    try:
        checked = _checked(plan, digest_many(paths, piece_length), progress)
        first = tuple(islice(checked, 1))  # from here on processes hash, and this one has time to write
        attribution = attribution_files(plan, options.licences)
        payload = (*first, *checked)
    finally:
        progress.finish()
    told = attribution | _declared(plan, options, payload)
    tags = _tag_files(building, told, piece_length)
    files = sorted((*payload, *tags), key=lambda file: file.path.split("/"))
    return BagReceipt(name=plan.name, piece_length=piece_length, files=tuple(files))


def _linked(file: PlannedFile, original: Path, target: Path) -> Path:
    """Link a payload file to its place just before it is hashed there."""
    if not original.is_file():
        hint = "Harvest its source again: what is missing is noticed and kept anew."
        raise IntegrityError(f"the store has lost {file.sha256} ({file.path})", hint=hint, code="store-lost")
    with storage(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(original, target)
    return target


def _link(original: Path, target: Path) -> None:
    try:
        os.link(original, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        shutil.copyfile(original, target, follow_symlinks=False)


def _checked(plan: BagPlan, digests: Iterator[FileDigest], progress: Progress) -> Iterator[BagFile]:
    """Compare the payload's hashes, taken in one read from where it now lies, with what was promised."""
    for file, digest in zip(plan.files, digests, strict=True):
        if (digest.sha256, digest.size) != (file.sha256, file.size):
            raise IntegrityError(
                f"{file.path}: the store's bytes are not those of {file.sha256}", code="store-mismatch"
            )
        progress.advance(digest.size)
        yield BagFile(path=file.path, digest=digest, track_ids=file.track_ids)


def _declared(plan: BagPlan, options: BagOptions, payload: tuple[BagFile, ...]) -> dict[str, bytes]:
    return {
        "bagit.txt": bagit_txt(),
        "bag-info.txt": bag_info(_facts(plan, options, payload)),
        "manifest-sha256.txt": manifest({file.path: file.digest.sha256 for file in payload}),
    }


def _tag_files(building: Path, contents: Mapping[str, bytes], piece_length: int) -> tuple[BagFile, ...]:
    listed = _write_tags(building, contents, piece_length)
    tagmanifest = manifest({path: digest.sha256 for path, digest in listed.items()})
    listed.update(_write_tags(building, {"tagmanifest-sha256.txt": tagmanifest}, piece_length))
    return tuple(BagFile(path=path, digest=digest) for path, digest in listed.items())


def _write_tags(building: Path, contents: Mapping[str, bytes], piece_length: int) -> dict[str, FileDigest]:
    for path, content in contents.items():
        with storage(building / path):
            (building / path).parent.mkdir(exist_ok=True)
            (building / path).write_bytes(content)
    digests = digest_many((building / path for path in contents), piece_length)
    return dict(zip(contents, digests, strict=True))


def _facts(plan: BagPlan, options: BagOptions, payload: tuple[BagFile, ...]) -> dict[str, str]:
    contact = "Contact-Email" if "@" in options.contact else "Contact-Name"
    return {
        "Source-Organization": options.organisation,
        contact: options.contact,
        "External-Description": options.description,
        "Bagging-Date": options.date,
        "External-Identifier": plan.name,
        "Payload-Oxum": f"{sum(file.digest.size for file in payload)}.{len(payload)}",
    }
