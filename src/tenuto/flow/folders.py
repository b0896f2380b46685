"""Which folder on this machine stands for which collection: a private note, so that no path of yours is published."""

import json
import os
from pathlib import Path

from tenuto.durable import storage, write_file
from tenuto.flow.archive import Archive
from tenuto.model.errors import UsageError

__all__ = ["claim_folder", "collection_path"]


def claim_folder(archive: Archive, name: str, root: Path) -> None:
    """Note that `root` is the collection `name`; raises UsageError where another folder that is still there is."""
    known = _known(archive)
    taken = known.get(name, str(root))
    if taken != str(root) and Path(taken).is_dir():
        hint = f"It stands for {taken}; choose another with --name."
        raise UsageError(f"the name {name!r} is taken", hint=hint)
    if known.get(name) != str(root):
        content = json.dumps(known | {name: str(root)}, indent=1, sort_keys=True)
        write_file(archive.layout.folders, content.encode("ascii"))


def collection_path(archive: Archive, subject: str) -> str:
    """Give `collection/path` for a file inside a harvested folder on this machine; any other text unchanged."""
    path = os.path.abspath(subject.replace("\0", ""))  # noqa: PTH100 - links are not followed
    for name, root in _known(archive).items():
        if path.startswith(f"{root}/"):
            return f"{name}/{path[len(root) + 1 :]}"
    return subject


def _known(archive: Archive) -> dict[str, str]:
    path = archive.layout.folders
    if not path.is_file():
        return {}
    with storage(path):
        try:
            known = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            return {}
    return known if isinstance(known, dict) else {}
