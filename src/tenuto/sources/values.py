"""Values with a shape: dates, numbers, identifiers; what does not fit is None, with a flag that keeps it."""

import calendar
import re

from tenuto.model.music import Flag, IdentifierType
from tenuto.sources.text import clean_line

__all__ = ["read_barcode", "read_date", "read_identifier", "read_isrc", "read_number"]

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?", re.ASCII | re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NUMBER = re.compile(r"\s*(\d{1,9})(?:\s*(?:/|of)\s*\d*)?\s*", re.ASCII)
_ISRC = re.compile(r"([A-Z]{2})([A-Z0-9]{3})(\d{2})(\d{5})", re.ASCII)
_ISWC = re.compile(r"T\d{10}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_BARCODE = re.compile(r"\d{8}|\d{12,14}", re.ASCII)
_FIRST_YEAR = 1860  # the year of the oldest recording that can be played
_LAST_YEAR = 2100
_MOST = 9_999  # tracks on a medium, media in a set
_SHOWN = 120

_Read = tuple[str | None, Flag | None]


def read_date(raw: str) -> _Read:
    """Read an ISO 8601 date of any precision; before recording was invented, or on no calendar: flag `date-invalid`."""
    text = clean_line(raw).replace("/", "-").replace(".", "-")
    found = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    if found is None:
        return None, _flag("date-invalid", raw)
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None, _flag("date-invalid", raw)
    return _dated(year, month, day, raw)


def _dated(year: int, month: int | None, day: int | None, raw: str) -> _Read:
    if month is None or (month == 0 and not day):
        return f"{year:04d}", None
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        return f"{year:04d}", _flag("date-invalid", raw)
    if day is None or day == 0:
        return f"{year:04d}-{month:02d}", None
    if day > calendar.monthrange(year, month)[1]:
        return f"{year:04d}-{month:02d}", _flag("date-invalid", raw)
    return f"{year:04d}-{month:02d}-{day:02d}", None


def read_number(raw: str) -> tuple[int | None, Flag | None]:
    """Read `3`, `03` or `3/12`; 0 is None without a flag; what is beyond sense: flag `number-invalid`."""
    found = _NUMBER.fullmatch(raw[:_SHOWN])
    number = int(found[1]) if found else -1
    if not 0 <= number <= _MOST:
        return None, _flag("number-invalid", raw)
    return number or None, None


def read_isrc(raw: str) -> _Read:
    """Read an ISRC into `CC-XXX-YY-NNNNN`; anything else: flag `isrc-malformed` (M6)."""
    text = re.sub(r"[\s\u2010-\u2015-]", "", clean_line(raw).upper()).removeprefix("ISRC").lstrip(":")
    found = _ISRC.fullmatch(text)
    if found is None or text.endswith("00000"):
        return None, _flag("isrc-malformed", raw)
    return "-".join(found.groups()), None


def read_barcode(raw: str) -> _Read:
    """Read a UPC or EAN whose check digit is right; anything else: flag `barcode-malformed`."""
    text = re.sub(r"[\s-]", "", clean_line(raw))
    if not _BARCODE.fullmatch(text) or _check_sum(text) % 10 or not int(text):
        return None, _flag("barcode-malformed", raw)
    return text, None


def _check_sum(digits: str) -> int:
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(digits)))


def read_identifier(kind: IdentifierType, raw: str) -> _Read:
    """Read an identifier by the shape its issuer gives it; what does not fit is flagged `identifier-malformed`."""
    if kind is IdentifierType.ISRC:
        return read_isrc(raw)
    if kind is IdentifierType.BARCODE:
        return read_barcode(raw)
    text = clean_line(raw)
    if kind.startswith("musicbrainz") or kind is IdentifierType.ACOUSTID:
        text = text.lower()
        fits = _UUID.fullmatch(text) is not None
    elif kind is IdentifierType.ISWC:
        text = re.sub(r"[\s.-]", "", text.upper())
        fits = _ISWC.fullmatch(text) is not None
    elif kind is IdentifierType.DISCOGS_RELEASE:
        fits = text.isdecimal() and text.isascii()
    else:
        fits = bool(text)
    return (text, None) if fits else (None, _flag("identifier-malformed", raw))


def _flag(code: str, raw: str) -> Flag:
    return Flag(code=code, detail=clean_line(raw)[:_SHOWN])
