"""Reading bagit.txt and bag-info.txt strictly (RFC 8493, 2.1.1 and 2.2.2)."""

import re
from collections.abc import Iterator, Mapping

from tenuto.packages.manifests import Problem

__all__ = ["check_bagit_txt", "check_info"]

_BAGIT = re.compile(rb"BagIt-Version: (0\.97|1\.0)(?:\r\n|\r|\n)Tag-File-Character-Encoding: (?i:UTF-8)(?:\r\n|\r|\n)?")
_LABEL = re.compile(r"[^\s:][^:]*:([ \t].*)?", re.DOTALL)
_OXUM = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
_BOM = b"\xef\xbb\xbf"


def check_bagit_txt(content: bytes | None) -> Iterator[Problem]:
    """Accept exactly the two lines of BagIt 1.0 (or its last draft, 0.97) in UTF-8."""
    if content is None:
        yield Problem(code="bagit-txt", path="bagit.txt", reason="it is missing")
    elif content.startswith(_BOM):
        yield Problem(code="bagit-txt", path="bagit.txt", reason="it begins with a byte order mark")
    elif not _BAGIT.fullmatch(content):
        yield Problem(code="bagit-txt", path="bagit.txt", reason="it is not the two lines of BagIt 1.0 in UTF-8")


def check_info(content: bytes | None, payload: Mapping[str, int]) -> Iterator[Problem]:
    """Check that bag-info.txt is well formed and that its Payload-Oxum counts what is there."""
    try:
        text = (content or b"").decode()
    except UnicodeDecodeError:
        yield Problem(code="encoding", path="bag-info.txt", reason="it is no UTF-8")
        return
    if text.startswith("\ufeff"):
        yield Problem(code="bom", path="bag-info.txt", reason="it begins with a byte order mark")
    lines = re.split(r"\r\n|\r|\n", text)
    for number, line in enumerate(lines, 1):
        if line and not _LABEL.fullmatch(line) and (number == 1 or line[0] not in " \t"):
            yield Problem(code="bag-info", path="bag-info.txt", reason=f"line {number} is no label and value")
    yield from _check_oxum([line[13:].strip() for line in lines if line.lower().startswith("payload-oxum:")], payload)


def _check_oxum(values: list[str], payload: Mapping[str, int]) -> Iterator[Problem]:
    there = (sum(payload.values()), len(payload))
    if len(values) > 1:
        yield Problem(code="oxum", path="bag-info.txt", reason="Payload-Oxum is given more than once")
    for value in values:
        match = _OXUM.fullmatch(value)
        if match is None or (int(match[1]), int(match[2])) != there:
            reason = f"Payload-Oxum says {value[:60]!r}, and {there[0]}.{there[1]} is there"
            yield Problem(code="oxum", path="bag-info.txt", reason=reason)
