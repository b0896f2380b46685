"""A folder of the operator's own: files, their tags, and the texts beside them."""

from typing import ClassVar

from tenuto.model.capture import CaptureHead, Observation
from tenuto.model.music import TrackRecord
from tenuto.model.rights import Evidence, EvidenceKind
from tenuto.model.source import ObservedSource, Terms
from tenuto.sources.beside import licence_files, reuse
from tenuto.sources.record import Context, make_record
from tenuto.sources.tags import probed_evidence
from tenuto.sources.text import clean_line, clean_path

__all__ = ["Folder"]


class Folder(ObservedSource):
    """Reads what was found in a tree of files; evidence: REUSE, LICENSE files, the operator's declaration, tags."""

    name: ClassVar[str] = "folder"
    home: ClassVar[str] = "the operator's own disk"
    terms: ClassVar[Terms] = Terms(
        summary="The operator names folders of files that the operator holds lawfully.",
        audio="Audio is kept where a tag, a text beside the file or the operator's declaration names an open licence.",
        metadata_licence="as the files' own; names, titles and lengths are facts",
        limits="No network; links are not followed, archives are opened one level deep.",
        evidence=(
            "REUSE: FILE.license, REUSE.toml, .reuse/dep5",
            "LICENSE, COPYING or COPYRIGHT files in the file's folder, else in the nearest folder above",
            "the operator's declaration in tenuto.toml",
            "tags: LICENSE, WCOP, COPYRIGHT; remarks that speak of rights, which never open by themselves",
        ),
        url="",
    )

    def read(self, head: CaptureHead, observation: Observation) -> TrackRecord:
        """Read one file of the folder."""
        return make_record(head, observation, Context(evidence=_evidence(head, observation)))


def _evidence(head: CaptureHead, observation: Observation) -> tuple[Evidence, ...]:
    """Collect statements; a REUSE statement that was read takes the place of folders' licence files."""
    path = observation.path
    own = reuse(head, path)
    texts = own if any(not evidence.unread for evidence in own) else (*own, *licence_files(head, path))
    return (*texts, *_declarations(head), *probed_evidence(observation.probe, clean_path(path), head.id))


def _declarations(head: CaptureHead) -> tuple[Evidence, ...]:
    """Give evidence for each declaration: `declared_by` and `basis` follow the `declaration` they belong to."""
    told: list[dict[str, str]] = []
    for name, value in head.facts:
        if name == "declaration":
            told.append({})
        if told:
            told[-1].setdefault(name, clean_line(value))
    return tuple(_declared(head, facts) for facts in told if facts["declaration"])


def _declared(head: CaptureHead, facts: dict[str, str]) -> Evidence:
    by, basis = facts.get("declared_by", ""), facts.get("basis", "")
    where = f"tenuto.toml, declared by {by or 'the operator'}{f' ({basis})' if basis else ''}"
    return Evidence(kind=EvidenceKind.DECLARATION, statement=facts["declaration"], where=where, capture=head.id)
