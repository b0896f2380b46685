"""`tenuto harvest`: folders of the operator's own, and packages of the Debian archive."""

import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from tenuto.durable import storage
from tenuto.flow.archive import Archive
from tenuto.flow.intake import Collection, Intake, Tally
from tenuto.harvest.apt import AptClient, PackageVersion
from tenuto.harvest.captures import read_heads
from tenuto.harvest.deb import unpack
from tenuto.harvest.tree import walk
from tenuto.ledger.chain import Event
from tenuto.model.capture import Document
from tenuto.model.errors import NotFoundError, UsageError
from tenuto.model.progress import Progress
from tenuto.sources import source

__all__ = ["harvest_debian", "harvest_folders"]

_UNSAFE = re.compile(r"[^\w.+-]+")


def harvest_folders(archive: Archive, roots: Sequence[Path], name: str | None, progress: Progress) -> list[Tally]:
    """Take in folders of audio; raises UsageError where a folder's name is another folder's already."""
    if name is not None and len(roots) > 1:
        raise UsageError("one name for several folders", hint="Give --name with one folder at a time.")
    for root in roots:
        if not root.is_dir():
            raise NotFoundError(f"{root} is no folder", hint="Check the path; a single file's folder will do.")
    with archive.locked(), Intake(archive, progress) as intake:
        return [_take_folder(archive, intake, root.resolve(), name) for root in roots]


def _take_folder(archive: Archive, intake: Intake, root: Path, name: str | None) -> Tally:
    collection = _folder_collection(archive, root, _clean(name or root.name))
    with storage(root):
        scratch = archive.layout.work / "members"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        try:
            return intake.take(collection, walk(root, scratch))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _folder_collection(archive: Archive, root: Path, name: str) -> Collection:
    origin = str(root).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    for head in read_heads(archive.layout.captures):
        if (head.source, head.collection) == ("folder", name) and head.origin != origin:
            hint = f"It stands for {head.origin}; choose another with --name."
            raise UsageError(f"the name {name!r} is taken", hint=hint)
    facts = [
        fact
        for word in archive.config.declarations
        if word.collection == name
        for fact in (("declaration", word.licence), ("declared_by", word.by), ("basis", word.basis))
    ]
    return Collection(source=source("folder"), name=name, origin=origin, facts=tuple(facts), relevant=_near)


def _near(documents: Sequence[Document], path: str) -> tuple[Document, ...]:
    """Give the file's own .license document and those of the folders it lies in."""
    folders = {"", *(path[:at] for at, sign in enumerate(path) if sign == "/")}
    return tuple(
        document
        for document in documents
        if document.path == f"{path}.license"
        or (not document.path.endswith(".license") and document.path.rpartition("/")[0] in folders)
    )


def _clean(name: str) -> str:
    text = unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return _UNSAFE.sub("-", text).strip("-.")[:80] or "folder"


def harvest_debian(
    archive: Archive, packages: Iterable[str], progress: Progress, *, again: bool = False
) -> list[Tally]:
    """Take in the audio of Debian packages; a package at a version taken before is passed over unless `again`."""
    with archive.locked(), Intake(archive, progress) as intake:
        client = AptClient(archive.layout.work / "apt")
        done = {entry.what.subject for entry in archive.ledger.entries() if entry.what.event == "harvested"}
        return [_take_package(archive, intake, client.resolve(name), (client, done, again)) for name in packages]


def _take_package(
    archive: Archive, intake: Intake, package: PackageVersion, how: tuple[AptClient, set[str], bool]
) -> Tally:
    client, done, again = how
    subject = f"debian:{package.name}={package.version}"
    if subject in done and not again:
        return Tally("debian", package.name)
    progress = intake.progress
    scratch = archive.layout.work / "debian" / package.name
    deb = client.download(package, scratch, progress)
    tree = unpack(deb, _emptied(scratch / "tree"))
    tally = intake.take(_package_collection(package), tree)
    archive.ledger.append([Event(event="harvested", subject=subject, sha256=package.sha256)])
    shutil.rmtree(scratch, ignore_errors=True)
    return tally


def _emptied(directory: Path) -> Path:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def _package_collection(package: PackageVersion) -> Collection:
    facts = (
        ("package", package.name),
        ("version", package.version),
        ("architecture", package.architecture),
        ("filename", package.filename),
        ("sha256", package.sha256),
        ("homepage", package.homepage or ""),
        ("source", package.source),
    )
    return Collection(
        source=source("debian"),
        name=package.name,
        origin=f"{package.name}={package.version}",
        facts=facts,
        relevant=lambda documents, _path: tuple(documents),
    )
