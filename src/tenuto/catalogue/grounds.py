"""The grounds of verdicts: findings, evidence with where and when it was captured, and what else is the same bytes."""

import re
import unicodedata

import apsw

from tenuto.catalogue.lines import TRACK, file_of, licences_of, replacement, track_lines, track_of
from tenuto.catalogue.nouns import EvidenceLine, FindingLine, LinkLine, TrackLine, Why
from tenuto.model.ids import IdKind, id_kind

__all__ = ["grounds", "tracks_of"]

_MOST = 100

_VERDICT = f"""
SELECT found.id, title, sources.name, path, recording, file, found.verdict, release,
  decision, reasons.code, reasons.text, absent.text
FROM ({TRACK} WHERE track = ?) AS found JOIN sources USING (source) JOIN verdicts USING (verdict)
JOIN reasons USING (reason) LEFT JOIN reasons AS absent ON absent.reason = found.absence
LEFT JOIN observations USING (track)
"""

_FINDINGS = "SELECT code, text, evidence FROM findings JOIN reasons USING (reason) WHERE verdict = ? ORDER BY position"

_EVIDENCE = """
SELECT kind, text, place, confidence, holder, licence_field, unread, id, collection, origin, captured_at
FROM evidence JOIN statements USING (statement) LEFT JOIN captures USING (capture)
WHERE (subject, owner) = ('tr', ?) OR (subject, owner) = ('rc', ?) OR (subject, owner) = ('re', ?)
ORDER BY subject = 'tr' DESC, subject = 'rc' DESC, position
"""

_LINKS = """
SELECT recordings.id, title, sources.name, probability, accepted, links.evidence FROM (
  SELECT right_owner AS other, * FROM links WHERE subject = 'rc' AND left_owner = :recording
  UNION ALL SELECT left_owner, * FROM links WHERE subject = 'rc' AND right_owner = :recording
) AS links JOIN recordings ON recording = other JOIN sources USING (source)
ORDER BY probability DESC, recordings.id LIMIT :most
"""

_BY_PATH = """
SELECT track FROM observations WHERE path = :path OR key = :path
UNION SELECT track FROM placements WHERE path = :path
ORDER BY track LIMIT :most
"""

_BY_ID = {
    IdKind.RECORDING: "SELECT track FROM tracks JOIN recordings USING (recording) WHERE recordings.id = ?",
    IdKind.RELEASE: "SELECT track FROM tracks JOIN releases USING (release) WHERE releases.id = ?",
}

_SPOILT = re.compile("[\ud800-\udfff\n\r]")


def tracks_of(connection: apsw.Connection, subject: str) -> list[int]:
    """Find the tracks meant by an id of a track, recording or release, or by a path; at most 100.

    An id that is gone finds the tracks of what replaced it.
    A path may be that in the collection, the track's key, or that in a bag.
    """
    kind = id_kind(subject)
    if kind is IdKind.TRACK:
        found = track_of(connection, subject)
        return [] if found is None else [found]
    query = _BY_ID.get(kind) if kind else None
    if query:
        ids = (one for one in (subject, replacement(connection, subject)) if one is not None)
        order = f"{query} ORDER BY track LIMIT ?"
        asked = ([track for (track,) in connection.execute(order, (one, _MOST))] for one in ids)
        return next(filter(None, asked), [])
    path = unicodedata.normalize("NFC", _SPOILT.sub("\ufffd", subject))
    return [track for (track,) in connection.execute(_BY_PATH, {"path": path, "most": _MOST})]


def grounds(connection: apsw.Connection, track: int) -> Why:
    """Give the grounds of one track's verdict."""
    (row,) = connection.execute(_VERDICT, (track,))
    public_id, title, source, path, recording, file, verdict, release, decision, code, reason, absent = row
    return Why(
        id=public_id,
        title=title,
        source=source,
        path=path,
        decision=decision,
        code=code,
        reason=reason,
        absent=absent,
        licences=licences_of(connection, track),
        findings=_findings(connection, verdict),
        evidence=_evidence(connection, track, recording, release),
        file=file_of(connection, file),
        same_bytes=_same_bytes(connection, track, recording, file),
        links=_links(connection, recording),
    )


def _links(connection: apsw.Connection, recording: int) -> tuple[LinkLine, ...]:
    rows = connection.execute(_LINKS, {"recording": recording, "most": _MOST})
    names = ("id", "name", "source", "probability", "accepted", "evidence")
    said = (dict(zip(names, row, strict=True)) for row in rows)
    return tuple(LinkLine(**one | {"accepted": bool(one["accepted"])}) for one in said)


def _same_bytes(connection: apsw.Connection, track: int, recording: int, file: int | None) -> tuple[TrackLine, ...]:
    if file is None:
        return ()
    return track_lines(connection, "tracks.recording = ? AND tracks.track != ?", recording, track)


def _findings(connection: apsw.Connection, verdict: int) -> tuple[FindingLine, ...]:
    rows = connection.execute(_FINDINGS, (verdict,))
    return tuple(FindingLine(code=code, reason=reason, evidence=evidence) for code, reason, evidence in rows)


def _evidence(connection: apsw.Connection, *owners: int | None) -> tuple[EvidenceLine, ...]:
    names = (
        *("kind", "statement", "where", "confidence", "holder", "licence_field", "unread"),
        *("capture", "collection", "origin", "captured_at"),
    )
    rows = (dict(zip(names, row, strict=True)) for row in connection.execute(_EVIDENCE, owners))
    return tuple(EvidenceLine(**row | {"licence_field": bool(row["licence_field"])}) for row in rows)
