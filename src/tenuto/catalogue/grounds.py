"""The grounds of verdicts: findings, evidence with where and when it was captured, and what else is the same bytes."""

import re
import unicodedata

import apsw

from tenuto.catalogue.lines import file_of, licences_of, track_lines
from tenuto.catalogue.nouns import EvidenceLine, FindingLine, Why
from tenuto.model.ids import IdKind, id_kind

__all__ = ["grounds", "tracks_of"]

_MOST = 100

_VERDICT = """
SELECT tracks.id, title, sources.name, path, recording, file, decision, reasons.code, reasons.text, absence.text
FROM tracks JOIN sources USING (source) JOIN verdicts USING (track) JOIN reasons USING (reason)
LEFT JOIN ledger ON ledger.track = tracks.track LEFT JOIN reasons AS absence ON absence.reason = ledger.reason
WHERE tracks.track = ?
"""

_FINDINGS = "SELECT code, text, evidence FROM findings JOIN reasons USING (reason) WHERE track = ? ORDER BY position"

_EVIDENCE = """
SELECT kind, text, place, confidence, holder, licence_field, unread, id, collection, origin, captured_at
FROM evidence JOIN statements USING (statement) JOIN captures USING (capture) WHERE track = ? ORDER BY position
"""

_BY_PATH = """
SELECT track FROM tracks WHERE path = :path
UNION SELECT track FROM sources CROSS JOIN tracks USING (source) WHERE key = :path
UNION SELECT track FROM placements WHERE path = :path
ORDER BY track LIMIT :most
"""

_BY_ID = {
    IdKind.TRACK: "SELECT track FROM tracks WHERE id = ?",
    IdKind.RECORDING: "SELECT track FROM tracks JOIN recordings USING (recording) WHERE recordings.id = ?",
    IdKind.RELEASE: "SELECT track FROM tracks JOIN releases USING (release) WHERE releases.id = ?",
}

_SPOILT = re.compile("[\ud800-\udfff\n\r]")


def tracks_of(connection: apsw.Connection, subject: str) -> list[int]:
    """Find the tracks meant by an id of a track, recording or release, or by a path; at most 100.

    A path may be that in the collection, the track's key, or that in a bag.
    """
    query = _BY_ID.get(kind) if (kind := id_kind(subject)) else None
    if query:
        return [track for (track,) in connection.execute(f"{query} ORDER BY track LIMIT ?", (subject, _MOST))]
    path = unicodedata.normalize("NFC", _SPOILT.sub("\ufffd", subject))
    return [track for (track,) in connection.execute(_BY_PATH, {"path": path, "most": _MOST})]


def grounds(connection: apsw.Connection, track: int) -> Why:
    """Give the grounds of one track's verdict."""
    (row,) = connection.execute(_VERDICT, (track,))
    public_id, title, source, path, recording, file, decision, code, reason, absent = row
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
        findings=_findings(connection, track),
        evidence=_evidence(connection, track),
        file=file_of(connection, file),
        same_bytes=track_lines(connection, "recording = ? AND tracks.track != ?", recording, track),
    )


def _findings(connection: apsw.Connection, track: int) -> tuple[FindingLine, ...]:
    rows = connection.execute(_FINDINGS, (track,))
    return tuple(FindingLine(code=code, reason=reason, evidence=evidence) for code, reason, evidence in rows)


def _evidence(connection: apsw.Connection, track: int) -> tuple[EvidenceLine, ...]:
    names = (
        *("kind", "statement", "where", "confidence", "holder", "licence_field", "unread"),
        *("capture", "collection", "origin", "captured_at"),
    )
    rows = (dict(zip(names, row, strict=True)) for row in connection.execute(_EVIDENCE, (track,)))
    return tuple(EvidenceLine(**row | {"licence_field": bool(row["licence_field"])}) for row in rows)
