"""What a file is by its bytes, whatever its name says."""

from typing import BinaryIO

__all__ = ["HEAD", "id3_length", "sniff", "sniff_file"]

HEAD = 8192
"""Bytes of a file's start that are looked at: enough for two MPEG frames of any kind."""

_ID3_HEADER = 10
_MOST_ID3_TAGS = 4  # tags written one before another by careless software
_FRAME_HEADER = 4
_BIT_RATES = {  # kbit/s by (MPEG 1?, layer), ISO 11172-3 and 13818-3, indexes 1 to 14
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # Hz by version bits


def sniff(head: bytes) -> str | None:
    """Name the container that `head`, the first bytes of a file, begins: mp3, flac, ogg, wav, aiff, mp4, or None.

    An ID3v2 tag at the start is stepped over where `head` holds it whole; where it does not, the answer is mp3.
    """
    for _ in range(_MOST_ID3_TAGS):
        length = id3_length(head)
        if not length:
            return _magic(head) or ("mp3" if _mpeg_audio(head.lstrip(b"\0")) else None)
        if length >= len(head):
            break
        head = head[length:]
        if not _magic(head):
            return "mp3"  # an ID3v2 tag is how an mp3 begins; what follows may be padding before the first frame
    return "mp3"


def sniff_file(stream: BinaryIO) -> tuple[str | None, int]:
    """Name a file's container and tell how many bytes of ID3v2 tags stand before it (0 for mp3, whose own they are)."""
    start = 0
    for _ in range(_MOST_ID3_TAGS):
        stream.seek(start)
        head = stream.read(HEAD)
        length = id3_length(head)
        if not length:
            break
        start += length
    container = (_magic(head) or "mp3") if start else sniff(head)
    return container, 0 if container == "mp3" else start


def id3_length(head: bytes) -> int:
    """Return the length in bytes of the ID3v2 tag that `head` begins with, its header and footer included, else 0."""
    if len(head) < _ID3_HEADER or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    footer = _ID3_HEADER if head[5] & 0x10 else 0
    return _ID3_HEADER + size + footer


def _magic(head: bytes) -> str | None:
    if head[:5] == b"OggS\0":
        return "ogg"
    if head[:4] == b"fLaC":
        return "flac"
    if head[4:8] == b"ftyp":
        return "mp4"
    return _chunked(head[:4], head[8:12])


def _chunked(outer: bytes, form: bytes) -> str | None:
    if outer in {b"RIFF", b"RF64", b"BW64"} and form == b"WAVE":
        return "wav"
    return "aiff" if outer == b"FORM" and form in {b"AIFF", b"AIFC"} else None


def _mpeg_audio(head: bytes) -> bool:
    """Tell whether an MPEG audio frame starts here, and another behind it where `head` reaches that far."""
    length = _frame_length(head)
    if not length:
        return False
    after = head[length : length + _FRAME_HEADER]
    return len(after) < _FRAME_HEADER or _frame_length(after) > 0


def _frame_length(head: bytes) -> int:
    """Return the length in bytes of the layer II or III frame whose header starts `head`, else 0."""
    if len(head) < _FRAME_HEADER or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - 11 bits of sync
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    bit_rate, rate = head[2] >> 4, head[2] >> 2 & 3
    if version not in _RATES or layer not in {2, 3} or bit_rate in {0, 15} or rate == 3:  # noqa: PLR2004 - reserved
        return 0
    first = version == 3  # noqa: PLR2004 - the version bits of MPEG 1
    kilobits = _BIT_RATES[first, layer][bit_rate - 1]
    slots = 72 if layer == 3 and not first else 144  # noqa: PLR2004 - layer III of MPEG 2 has half the samples
    return slots * 1000 * kilobits // _RATES[version][rate] + (head[2] >> 1 & 1)
