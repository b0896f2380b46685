"""ID3 tags, read by mutagen; what it drops in silence (stacked tags, frames it cannot read) is noticed here."""

# mypy: disable-error-code="no-untyped-call"
# (mutagen types its values, not its calls)

from collections.abc import Iterable
from io import BufferedReader
from typing import Any, BinaryIO

from mutagen.id3 import ID3, Frames, Frames_2_2, ID3NoHeaderError

from tenuto.audio.reading import Reading, holds_text
from tenuto.audio.sniff import id3_length
from tenuto.audio.tagnames import ID3_FRAMES, described
from tenuto.audio.view import View
from tenuto.model.rights_texts import is_rights_field

__all__ = ["read_id3"]

_MUSICBRAINZ = "http://musicbrainz.org"
_UNREAD = frozenset({"TSIZ", "TLEN", "TDLY", "TDTG"})  # about the file or its tag, not the music
_REPLACED = frozenset({"WCOP", "WCP", "USER"})  # of several, mutagen keeps the last
_BINARY = frozenset({"APIC", "PIC", "GEOB", "GEO", "PRIV", "UFID", "UFI", "MCDI", "MCI", "RVA2", "RVAD", "RVA"})
_VERSIONS = frozenset({2, 3, 4})
_MOST_TAGS = 4  # written one before another by careless software
_HEAD = 10
_OLD_TAG = 128  # bytes of an ID3v1 tag, the file's last


def read_id3(stream: BinaryIO, reading: Reading) -> None:
    """Read each ID3v2 tag at the start of a file, and the ID3v1 tag at its end, into `reading`."""
    _Tag(stream, reading, old_too=True)
    start = 0
    for _ in range(_MOST_TAGS):
        start += _length(stream, start)
        if not _length(stream, start):
            break
        _Tag(BufferedReader(View(stream, 0, start)), reading, old_too=False)
    else:
        reading.truncated = True
    _notice_at_the_end(stream, reading)


def _length(stream: BinaryIO, start: int) -> int:
    stream.seek(start)
    return id3_length(stream.read(_HEAD))


def _notice_at_the_end(stream: BinaryIO, reading: Reading) -> None:
    """Notice a tag that stands at the end, its footer last or before an ID3v1 tag: mutagen does not look there."""
    size = stream.seek(0, 2)
    for end in (size, size - _OLD_TAG):
        stream.seek(max(end - _HEAD, 0))
        if stream.read(3) == b"3DI":
            reading.truncated = True


class _Watched:
    """A kind of frame as mutagen knows it; keeps what would be replaced, and notices what cannot be read."""

    def __init__(self, kind: Any, tag: "_Tag") -> None:  # noqa: ANN401 - mutagen has a class for every frame
        self._kind = kind
        self._tag = tag

    def __call__(self, **fields: object) -> object:
        return self._kind(**fields)

    def _fromData(self, header: object, flags: int, data: bytes) -> object:  # noqa: N802 - mutagen calls it so
        try:
            frame = self._kind._fromData(header, flags, data)  # noqa: SLF001 - what stands behind a frame's class
        except Exception:  # noted and passed on: mutagen raises whatever a broken frame leads to
            self._tag.miss(self._kind.__name__, data)
            raise
        if self._kind.__name__ in _REPLACED:
            self._tag.replaced.append(frame)
        return frame


class _Tag(ID3):
    """One tag, read into a Reading."""

    def __init__(self, stream: BinaryIO, reading: Reading, *, old_too: bool) -> None:
        self._reading = reading
        self.replaced: list[Any] = []
        stream.seek(0)
        head = stream.read(_HEAD)
        if id3_length(head) and head[3] not in _VERSIONS:
            reading.truncated = True
        stream.seek(0)
        known = {name: _Watched(kind, self) for name, kind in (Frames | Frames_2_2).items()}
        try:
            super().__init__(stream, known_frames=known, load_v1=old_too)
        except ID3NoHeaderError:
            return
        self._tell()

    def miss(self, kind: str, content: bytes) -> None:
        """Note a frame that was not read, where it may hold text about rights."""
        if kind not in _BINARY and holds_text(content):
            self._reading.truncated = True

    def _read(self, header: object, data: bytes) -> bytes:
        rest: bytes = super()._read(header, data)
        self.miss("", rest)
        for frame in self.unknown_frames:
            self.miss(frame[:4].decode("latin-1"), frame[4:])
        return rest

    def _tell(self) -> None:
        for frame in self.values():
            if frame.FrameID not in _REPLACED:
                _tell(frame, self._reading)
        for frame in self.replaced:
            _tell(frame, self._reading)


def _tell(frame: Any, reading: Reading) -> None:  # noqa: ANN401 - mutagen has a class for every frame
    kind = frame.FrameID
    if kind in {"APIC", "PIC"}:
        reading.picture(frame.data)
    elif kind == "UFID":
        if frame.owner == _MUSICBRAINZ:
            reading.add("MUSICBRAINZ_TRACKID", frame.data.decode("ascii", "replace"))
    elif kind in {"TIPL", "TMCL", "IPLS"}:
        for role, name in frame.people:
            reading.add(f"{kind}:{role}", name)
    elif kind not in _UNREAD:
        _text(frame, kind, reading)


def _text(frame: Any, kind: str, reading: Reading) -> None:  # noqa: ANN401 - as above
    name = ID3_FRAMES.get(kind, kind)
    if kind in {"TXXX", "WXXX"}:
        name = described(frame.desc, f"{kind}:{frame.desc.strip()}")
    elif kind == "COMM" and frame.desc.startswith("iTun"):
        name = f"COMM:{frame.desc}"
    elif kind == "COMM":
        name = described(frame.desc, f"COMM:{frame.desc.strip()}" if is_rights_field(frame.desc) else name)
    for value in _values(frame, kind):
        reading.add(name, value)


def _values(frame: Any, kind: str) -> Iterable[str]:  # noqa: ANN401 - as above
    if kind == "TCON":
        return [str(genre) for genre in frame.genres]
    if kind[0] == "W":
        return [frame.url]
    text = getattr(frame, "text", ()) if kind[0] == "T" or kind in {"COMM", "USLT", "USER"} else ()
    return [text] if isinstance(text, str) else [str(value) for value in text]
