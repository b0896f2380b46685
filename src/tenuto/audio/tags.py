"""Tags of every format, read by mutagen into Vorbis-style names; what it cannot read becomes a problem, not an end."""

# mypy: disable-error-code="no-untyped-call"
# (mutagen types its values, not its calls)

import base64
import binascii
import struct
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO

from mutagen import MutagenError
from mutagen.apev2 import APENoHeaderError, APEv2
from mutagen.flac import FLAC, Picture
from mutagen.mp3 import MPEGInfo
from mutagen.mp4 import MP4, MP4FreeForm
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis

from tenuto.audio.chunks import read_chunks
from tenuto.audio.id3 import read_id3
from tenuto.audio.reading import Reading, holds_text
from tenuto.audio.tagnames import FREEFORM, MP4_ATOMS, described

__all__ = ["PARSER_ERRORS", "read_foreign_id3", "read_tags"]

PARSER_ERRORS = (
    MutagenError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What parsers raise on broken input beside their own errors; anything else ends the process, which its pool notes."""

_OGG = {"vorbis": OggVorbis, "opus": OggOpus, "flac": OggFLAC, "speex": OggSpeex}
_APE_TEXT = frozenset({0, 2})  # text, and the address of something that lies elsewhere
_TEXT_FORMS = {0: "utf-8", 1: "utf-8", 2: "utf-16-be", 4: "utf-8", 5: "utf-16-be"}
"""MP4 freeform data that is text: implicit, UTF-8 and UTF-16, and both for sorting."""


def read_tags(stream: BinaryIO, container: str, codec: str, reading: Reading) -> None:
    """Read the tags and the stated length of a file into `reading`."""
    if container == "mp3":
        _attempt(partial(_mpeg, stream, reading), reading, texts=False)
        _attempt(partial(read_id3, stream, reading), reading)
        _attempt(partial(_ape, stream, reading), reading)
    else:
        _attempt(lambda: _by_container(stream, container, codec, reading), reading)


def read_foreign_id3(stream: BinaryIO, reading: Reading) -> None:
    """Read the ID3v2 tag that stands before a container that has tags of its own."""
    _attempt(lambda: read_id3(stream, reading), reading)


def _attempt(part: Callable[[], None], reading: Reading, *, texts: bool = True) -> None:
    """Do one part of the reading; where it fails and was to read `texts`, some may not have been read."""
    try:
        part()
    except PARSER_ERRORS as error:
        reading.problem(f"Tags could not all be read: {type(error).__name__}: {error}")
        reading.truncated |= texts


def _by_container(stream: BinaryIO, container: str, codec: str, reading: Reading) -> None:
    if container == "ogg":
        _ogg(stream, codec, reading)
    elif container == "flac":
        _flac(stream, reading)
    elif container == "mp4":
        _mp4(stream, reading)
    else:
        for tag in read_chunks(stream, container == "aiff", reading):
            read_id3(BytesIO(tag), reading)


def _ogg(stream: BinaryIO, codec: str, reading: Reading) -> None:
    kind = _OGG.get(codec)
    if kind is None:
        reading.problem(f"Tags of {codec} in Ogg are not read.")
        reading.truncated = True
        return
    stream.seek(0)
    file = kind(stream)
    reading.seconds = getattr(file.info, "length", None)
    _vorbis(file.tags, reading)


def _flac(stream: BinaryIO, reading: Reading) -> None:
    stream.seek(0)
    file = FLAC(stream)
    reading.seconds = file.info.length
    _vorbis(file.tags, reading)
    for picture in file.pictures:
        reading.picture(picture.data)


def _vorbis(comments: Any, reading: Reading) -> None:  # noqa: ANN401 - a list of pairs, where there is one
    for name, value in comments or ():
        wanted = name.upper()
        if wanted in {"METADATA_BLOCK_PICTURE", "COVERART"}:
            _vorbis_picture(value, wanted == "COVERART", reading)
        elif wanted != "COVERARTMIME":
            reading.add(wanted, value)


def _vorbis_picture(value: str, bare: bool, reading: Reading) -> None:  # noqa: FBT001 - one of two
    try:
        content = base64.b64decode(value)
        reading.picture(content if bare else Picture(content).data)
    except (MutagenError, binascii.Error, struct.error, ValueError):
        reading.problem("An embedded picture could not be read.")


def _mpeg(stream: BinaryIO, reading: Reading) -> None:
    stream.seek(0)
    reading.seconds = MPEGInfo(stream).length


def _ape(stream: BinaryIO, reading: Reading) -> None:
    stream.seek(0)
    try:
        items = APEv2(stream)
    except APENoHeaderError:
        return
    for name, value in items.items():
        if value.kind in _APE_TEXT:
            for text in value if value.kind == 0 else [str(value)]:
                reading.add(described(name, name), text)
        elif value.kind == 1 and name.upper().startswith("COVER ART"):
            reading.picture(bytes(value).partition(b"\0")[2])


def _mp4(stream: BinaryIO, reading: Reading) -> None:
    stream.seek(0)
    file = MP4(stream)
    reading.seconds = file.info.length if file.info else None
    atoms: dict[str, Any] = dict(file.tags or {})
    for name, values in atoms.items():
        if name == "covr":
            for picture in values:
                reading.picture(bytes(picture))
        elif name in MP4_ATOMS:
            _atom(MP4_ATOMS[name], values, reading)
        elif name.startswith(FREEFORM):
            _freeform(described(name.split(":", 2)[-1], name), values, reading)
    for contents in getattr(file.tags, "_failed_atoms", {}).values():
        reading.truncated |= any(map(holds_text, contents))


def _atom(name: str, values: Iterable[Any], reading: Reading) -> None:
    for value in values:
        if isinstance(value, tuple):
            place, total = value
            reading.add(name, f"{place}/{total}" if total else str(place))
        else:
            reading.add(name, str(value))


def _freeform(name: str, values: Iterable[MP4FreeForm], reading: Reading) -> None:
    for value in values:
        if value.dataformat in _TEXT_FORMS:
            reading.add(name, bytes(value).decode(_TEXT_FORMS[value.dataformat], "replace"))
        else:
            reading.truncated |= holds_text(bytes(value))
