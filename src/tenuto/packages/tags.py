"""The text of a bag's own files (RFC 8493), as pure functions."""

import re
from collections.abc import Mapping

__all__ = ["bag_info", "bagit_txt", "decode_path", "encode_path", "manifest"]

_ENCODED = {"%": "%25", "\n": "%0A", "\r": "%0D"}
_DECODED = {"%25": "%", "%0a": "\n", "%0d": "\r"}


def bagit_txt() -> bytes:
    """Declare BagIt 1.0 and UTF-8."""
    return b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def bag_info(facts: Mapping[str, str]) -> bytes:
    """Write label and value a line, in the order given; empty values are left out, and no value spans lines."""
    lines = ((label, " ".join(value.split())) for label, value in facts.items())
    return "".join(f"{label}: {value}\n" for label, value in lines if value).encode("utf-8", "replace")


def manifest(digests: Mapping[str, str]) -> bytes:
    """Write a manifest, one digest and path a line, in order of the path's bytes."""
    return "".join(f"{digests[path]}  {encode_path(path)}\n" for path in sorted(digests)).encode()


def encode_path(path: str) -> str:
    """Percent-encode CR, LF and %, and nothing else (RFC 8493, 2.1.3)."""
    return re.sub("[%\r\n]", lambda match: _ENCODED[match[0]], path)


def decode_path(text: str) -> str:
    """Undo encode_path; raises ValueError at a % that it would not have written."""
    plain = re.sub("%(?:25|0[aAdD])", lambda match: _DECODED[match[0].lower()], text)
    if re.search("%(?!25|0[aAdD])", text):
        raise ValueError(f"a bare % in {text!r}")
    return plain
