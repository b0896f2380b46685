"""`tenuto harvest`: folders of the operator's own, and packages of the Debian archive."""

import re
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from tenuto.flow.archive import Archive
from tenuto.flow.folders import claim_folder
from tenuto.flow.intake import Collection, Intake, Tally
from tenuto.harvest.apt import AptClient, PackageVersion
from tenuto.harvest.deb import unpack
from tenuto.harvest.tree import walk
from tenuto.ledger.chain import Event
from tenuto.model.capture import Document
from tenuto.model.errors import NotFoundError, SourceError, UnsafeInputError, UsageError
from tenuto.model.progress import Progress
from tenuto.sources import source

__all__ = ["harvest_debian", "harvest_folders"]

_UNSAFE = re.compile(r"[^\w.+-]+")


def harvest_folders(
    archive: Archive, roots: Sequence[Path], name: str | None, progress: Progress, *, again: bool = False
) -> list[Tally]:
    """Take in folders of audio, what was read before only if `again`.

    Raises UsageError where a folder's name is another folder's already.
    """
    if name is not None and len(roots) > 1:
        raise UsageError("one name for several folders", hint="Give --name with one folder at a time.")
    for root in roots:
        if not root.is_dir():
            raise NotFoundError(f"{root} is no folder", hint="Check the path; a single file's folder will do.")
    with archive.locked(), Intake(archive, progress) as intake:
        return [_take_folder(archive, intake, root.resolve(), name, again=again) for root in roots]


def _take_folder(archive: Archive, intake: Intake, root: Path, name: str | None, *, again: bool) -> Tally:
    collection = _folder_collection(archive, _clean(name or root.name))
    if archive.layout.root.resolve().is_relative_to(root):
        raise UsageError(f"the archive lies inside {root}", hint="Keep it outside of the folder it harvests.")
    claim_folder(archive, collection.name, root)
    scratch = archive.layout.work / "members"
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        return intake.take(collection, walk(root, scratch), again=again)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _folder_collection(archive: Archive, name: str) -> Collection:
    facts = [
        fact
        for word in archive.config.declarations
        if word.collection == name
        for fact in (("declaration", word.licence), ("declared_by", word.by), ("basis", word.basis))
    ]
    return Collection(source=source("folder"), name=name, origin=name, facts=tuple(facts), relevant=_near)


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
    archive: Archive,
    packages: Sequence[str],
    progress: Progress,
    *,
    again: bool = False,
    client: AptClient | None = None,
) -> list[Tally]:
    """Take in the audio of Debian packages; one at a version taken before is passed over unless `again`.

    A package that cannot be had is recorded and the others go on; raises its FetchError, IntegrityError or
    UnsafeInputError where it is the only one.
    """
    client = client or AptClient(archive.layout.work / "apt")
    with archive.locked(), Intake(archive, progress) as intake:
        if len(packages) == 1:
            return [_take_package(archive, intake, client, packages[0], again=again)]
        return [_try_package(archive, intake, client, name, again=again) for name in packages]


def _try_package(archive: Archive, intake: Intake, client: AptClient, name: str, *, again: bool) -> Tally:
    try:
        return _take_package(archive, intake, client, name, again=again)
    except (SourceError, UnsafeInputError) as error:
        return Tally("debian", name, failure=error)


def _take_package(archive: Archive, intake: Intake, client: AptClient, name: str, *, again: bool) -> Tally:
    try:
        package = client.resolve(name)
        if not again and _is_done(archive, intake, package):
            intake.progress.note(f"{name} {package.version} was harvested before; --again reads it once more.")
            shutil.rmtree(archive.layout.work / "debian" / name, ignore_errors=True)  # left by a kill at the very end
            return Tally("debian", name)
        return _take_version(archive, intake, client, package, again=again)
    except (SourceError, UnsafeInputError) as error:
        archive.ledger.append([Event(event="failed", subject=f"debian:{name}", code=error.code, reason=str(error))])
        raise


def _is_done(archive: Archive, intake: Intake, package: PackageVersion) -> bool:
    """Tell whether this version was taken whole, and nothing of it is to be kept that is not."""
    entries = (entry.what for entry in archive.ledger.entries())
    done = any(what.event == "harvested" and what.subject == _subject(package) for what in entries)
    return done and not intake.lacks("debian", package.name)


def _subject(package: PackageVersion) -> str:
    return f"debian:{package.name}={package.version}"


def _take_version(
    archive: Archive, intake: Intake, client: AptClient, package: PackageVersion, *, again: bool
) -> Tally:
    scratch = archive.layout.work / "debian" / package.name
    tree = unpack(client.download(package, scratch, intake.progress), _emptied(scratch / "tree"))
    tally = intake.take(_package_collection(package), [tree], again=again)
    archive.ledger.append([Event(event="harvested", subject=_subject(package), sha256=package.sha256)])
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
