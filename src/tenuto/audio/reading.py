"""What is gathered while a file's tags are read: cleaned, capped, in order."""

import hashlib
import re

from tenuto.model.audio import Picture

__all__ = ["Reading", "clean", "holds_text"]

_VALUE = 64 * 1024  # UTF-8 bytes of one value
_COUNT = 500
_TOTAL = 1024 * 1024  # UTF-8 bytes of all names and values
_NAME = 256  # characters
_PICTURES = 64
_PROBLEMS = 32
_SENTENCE = 300  # characters


_LETTERS = re.compile(rb"[A-Za-z][A-Za-z ,.'-]{5}|(?:[\xc3-\xf4][\x80-\xbf]{1,3}){4}")


def holds_text(content: bytes) -> bool:
    """Tell whether bytes that nothing read may be words: some letters in a row, of one byte or of two."""
    return _LETTERS.search(content) is not None or _LETTERS.search(content.replace(b"\0", b"")) is not None


def clean(text: str) -> str:
    """Give `text` with NUL and lone surrogates replaced by U+FFFD, so that it is valid UTF-8."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if not _valid(text) else text
    return text.replace("\0", "\ufffd")


class Reading:
    """Tags, pictures and problems of one file, within their caps."""

    def __init__(self) -> None:
        """Begin empty."""
        self.tags: list[tuple[str, str]] = []
        self.pictures: list[Picture] = []
        self.problems: list[str] = []
        self.truncated = False
        self.seconds: float | None = None
        """Length by the file's own header, as the tag reader understands it."""
        self._left = _TOTAL

    def add(self, name: str, value: str) -> None:
        """Add one tag; names are upper-cased, values cleaned, and what exceeds a cap sets `truncated`."""
        name, text = clean(name).upper(), clean(value)
        if text != value:
            self.problem(f"The value of {name} held NUL or unpaired surrogates; they stand as U+FFFD.")
        self._append(name, text)

    def _append(self, name: str, text: str) -> None:
        if len(self.tags) >= _COUNT or len(name) > _NAME:
            self.truncated = True
            return
        room = min(_VALUE, self._left - len(name.encode()))
        encoded = text.encode()
        if len(encoded) > room:
            self.truncated = True
            encoded = encoded[: max(room, 0)]
            text = encoded.decode("utf-8", "ignore")
        if text:
            self.tags.append((name, text))
            self._left -= len(name.encode()) + len(encoded)

    def picture(self, content: bytes) -> None:
        """Add a picture's facts; what is no JPEG, PNG, WebP or GIF by its bytes is refused with a problem."""
        mime = _image(content[:16])
        if mime is None:
            self.problem("An embedded picture was refused: its bytes are no JPEG, PNG, WebP or GIF.")
        elif len(self.pictures) >= _PICTURES:
            self.truncated = True
        else:
            digest = hashlib.sha256(content).hexdigest()
            self.pictures.append(Picture(mime=mime, size=len(content), sha256=digest))

    def problem(self, sentence: str) -> None:
        """Note what could not be read, once."""
        sentence = clean(sentence)[:_SENTENCE]
        if sentence not in self.problems and len(self.problems) < _PROBLEMS:
            self.problems.append(sentence)


def _valid(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _image(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if head[:6] in {b"GIF87a", b"GIF89a"} else None
