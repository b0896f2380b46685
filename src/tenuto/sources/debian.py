"""Debian packages: music in the archive's binary packages, with the copyright file that each must have."""

from typing import ClassVar

from tenuto.model.capture import CaptureHead, Document, Observation
from tenuto.model.music import TrackRecord
from tenuto.model.rights import Evidence, EvidenceKind
from tenuto.model.source import ObservedSource, Terms
from tenuto.sources.beside import licence_files
from tenuto.sources.dep5 import Claim, claims, parse, unreadable
from tenuto.sources.dep5_doubts import doubts, statement
from tenuto.sources.freetext import Naming, namings
from tenuto.sources.record import Context, make_record
from tenuto.sources.tags import probed_evidence
from tenuto.sources.text import clean_line, clean_path
from tenuto.sources.unread import unread_document

__all__ = ["Debian"]

_DOC = "usr/share/doc/"


class Debian(ObservedSource):
    """Reads a package's audio; evidence: debian/copyright, licence texts beside the music, tags."""

    name: ClassVar[str] = "debian"
    home: ClassVar[str] = "https://www.debian.org/"
    terms: ClassVar[Terms] = Terms(
        summary="Debian distributes its packages to everyone, through mirrors made for it and a client made for that.",
        audio="Audio is kept where debian/copyright, a text beside it or its own tags name an open licence.",
        metadata_licence="as the packages' own; names, versions and digests are facts",
        limits="Packages by name, through the machine's own client; the lists are asked for at most once a day.",
        evidence=(
            "debian/copyright, machine-readable: the last paragraph that matches, with how surely it does",
            "debian/copyright, free text: a sentence that names a licence for the music",
            "licence texts beside the music inside the package",
            "tags: LICENSE, WCOP, COPYRIGHT; remarks that speak of rights, which never open by themselves",
        ),
        url="https://www.debian.org/social_contract",
    )

    def read(self, head: CaptureHead, observation: Observation) -> TrackRecord:
        """Read one file of a package."""
        context = Context(evidence=_evidence(head, observation), source_url=_home(head))
        return make_record(head, observation, context)


def _evidence(head: CaptureHead, observation: Observation) -> tuple[Evidence, ...]:
    path = observation.path
    stated = [evidence for document in _copyrights(head) for evidence in _stated(head, document, path)]
    return (*stated, *licence_files(head, path), *probed_evidence(observation.probe, clean_path(path), head.id))


def _copyrights(head: CaptureHead) -> list[Document]:
    """Give the copyright files of the package; its own one alone, where it has that."""
    found = [document for document in head.documents if document.path.startswith(_DOC)]
    own = [document for document in found if document.path.startswith(f"{_DOC}{head.collection}/")]
    return own or found


def _stated(head: CaptureHead, document: Document, path: str) -> list[Evidence]:
    if document.unread:
        return [unread_document(head, document.path, EvidenceKind.COPYRIGHT_FILE, document.unread)]
    paragraphs = parse(document.text)
    if paragraphs:
        found = claims(paragraphs, path)
        beside = doubts(head, document.path, document.text, path, found)
        return [*(_claimed(head, document, claim) for claim in found), *beside]
    if paragraphs is not None:
        return [unread_document(head, document.path, EvidenceKind.DEP5, unreadable(paragraphs))]
    music_only = dict(head.facts).get("programs") == "0"
    return [_named(head, document, naming) for naming in namings(document.text, music_only=music_only)]


def _claimed(head: CaptureHead, document: Document, claim: Claim) -> Evidence:
    where = f"{document.path}, paragraph {claim.paragraph.number} (Files: {claim.glob.text})"
    return Evidence(
        kind=EvidenceKind.DEP5,
        statement=statement(document.text, claim),
        where=clean_line(where),
        capture=head.id,
        confidence=claim.confidence,
        holder=claim.paragraph.holder or None,
        unread=claim.paragraph.unread,
    )


def _named(head: CaptureHead, document: Document, naming: Naming) -> Evidence:
    return Evidence(
        kind=EvidenceKind.COPYRIGHT_FILE,
        statement=naming.statement,
        where=clean_line(f"{document.path}, paragraph {naming.paragraph}"),
        capture=head.id,
        confidence=naming.confidence,
    )


def _home(head: CaptureHead) -> str:
    homepage = clean_line(dict(head.facts).get("homepage", ""))
    if homepage.startswith(("https://", "http://")):
        return homepage
    return f"https://packages.debian.org/{head.collection}"
