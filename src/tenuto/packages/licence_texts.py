"""Which licence texts travel with the music, and as what."""

import re
from collections.abc import Mapping

from tenuto.model.rights import Licence
from tenuto.spdx import licence_text

__all__ = ["licence_file", "may_travel"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,99}")
_BY_ADDRESS = re.compile(r"CC0?-")  # Creative Commons licences ask for a copy of the licence or its address


def may_travel(licence_id: str, licences: Mapping[str, Licence]) -> bool:
    """Tell whether files under a licence can be given what it asks to travel with them: its text, or its address."""
    if not _ID.fullmatch(licence_id):
        return False
    return licence_text(licence_id) is not None or not _text_required(licence_id, licences)


def _text_required(licence_id: str, licences: Mapping[str, Licence]) -> bool:
    """Tell whether copies must carry the text: those of a licence nobody described must, save Creative Commons."""
    licence = licences.get(licence_id)
    return not _BY_ADDRESS.match(licence_id) if licence is None else licence.text_required


def licence_file(licence_id: str, name: str, url: str) -> bytes:
    """Write LICENSES/<id>.txt: the licence's text, or where the list has none, a note with its name and address."""
    text = licence_text(licence_id)
    if text is None:
        text = (
            f"{name}\n{url}\n\n"
            f"This file is not the text of the licence {licence_id}: the SPDX licence list has none.\n"
            "The text stands at the address above. Creative Commons licences ask that copies carry the text or its\n"
            "address; this is the address.\n"
        )
    return text.rstrip("\n").encode("utf-8", "replace") + b"\n"
