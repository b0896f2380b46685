"""A strict decoder of bencoding (BEP 3): only the one canonical spelling of a value is accepted, in linear time.

Nothing is allocated on a length's word before the bytes are known to be there, and no nesting recurses.
"""

import re
from typing import TypeAlias

from tenuto.model.errors import TorrentError

__all__ = ["MAX_DEPTH", "MAX_VALUES", "Value", "decode"]

Value: TypeAlias = int | bytes | list["Value"] | dict[bytes, "Value"]

MAX_DEPTH = 64
MAX_VALUES = 1_000_000
_INT = re.compile(rb"i(0|-?[1-9][0-9]{0,18})e")
_LENGTH = re.compile(rb"(0|[1-9][0-9]{0,19}):")


def decode(content: bytes) -> Value:
    """Decode exactly one value; raises TorrentError with a `bencode-…` code at whatever is not canonical."""
    decoder = _Decoder(content)
    while not decoder.done:
        decoder.step()
    return decoder.value


class _Decoder:
    """Reads tokens from left to right; open lists and dictionaries wait on a stack."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0
        self._count = 0
        self._open: list[list[Value] | dict[bytes, Value]] = []
        self._keys: list[bytes | None] = []
        self.done = False
        self.value: Value = b""

    def step(self) -> None:
        """Read one token."""
        self._count += 1
        if self._count > MAX_VALUES:
            raise self._fault("bencode-values", f"more than {MAX_VALUES} values")
        first = self._content[self._at : self._at + 1]
        if first == b"i":
            self._put(self._int())
        elif first == b"l":
            self._enter([])
        elif first == b"d":
            self._enter({})
        elif first == b"e":
            self._leave()
        else:
            self._text(self._string())

    def _fault(self, code: str, what: str) -> TorrentError:
        return TorrentError(f"metainfo: {what} at byte {self._at}", hint="Do not use this torrent.", code=code)

    def _int(self) -> int:
        match = _INT.match(self._content, self._at)
        if match is None:
            raise self._fault("bencode-int", "no canonical integer")
        value = int(match[1])
        if not -(1 << 63) <= value < 1 << 63:
            raise self._fault("bencode-int", "an integer beyond 64 bits")
        self._at = match.end()
        return value

    def _string(self) -> bytes:
        match = _LENGTH.match(self._content, self._at)
        if match is None:
            raise self._fault("bencode-token", "no value")
        end = match.end() + int(match[1])
        if end > len(self._content):
            raise self._fault("bencode-length", f"a string of {match[1].decode()} bytes, which are not there,")
        text = self._content[match.end() : end]
        self._at = end
        return text

    def _text(self, text: bytes) -> None:
        if self._open and isinstance(self._open[-1], dict) and self._keys[-1] is None:
            self._key(self._open[-1], text)
        else:
            self._put(text)

    def _key(self, table: dict[bytes, Value], key: bytes) -> None:
        last = next(reversed(table), None)
        if last is not None and key <= last:
            raise self._fault("bencode-keys", f"key {key[:60]!r} is out of order or given twice")
        self._keys[-1] = key

    def _enter(self, container: list[Value] | dict[bytes, Value]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise self._fault("bencode-depth", f"nesting deeper than {MAX_DEPTH}")
        self._check_key_due()
        self._at += 1
        self._open.append(container)
        self._keys.append(None)

    def _leave(self) -> None:
        if not self._open or self._keys[-1] is not None:
            raise self._fault("bencode-token", "an end without a value")
        self._at += 1
        self._keys.pop()
        self._put(self._open.pop())

    def _check_key_due(self) -> None:
        if self._open and isinstance(self._open[-1], dict) and self._keys[-1] is None:
            raise self._fault("bencode-keys", "a key that is no string")

    def _put(self, value: Value) -> None:
        self._check_key_due()
        if not self._open:
            self._end(value)
            return
        container = self._open[-1]
        if isinstance(container, list):
            container.append(value)
        else:
            container[self._keys[-1] or b""] = value
            self._keys[-1] = None

    def _end(self, value: Value) -> None:
        if self._at != len(self._content):
            raise self._fault("bencode-trailing", "trailing bytes")
        self.value, self.done = value, True
