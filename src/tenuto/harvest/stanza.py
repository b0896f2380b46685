"""The package client's answer about a package, read into a noun."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenuto.model.errors import FetchError, IntegrityError
from tenuto.model.ids import Sha256

__all__ = ["PackageVersion", "checked_name", "read_version"]

_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]+", re.ASCII)  # Debian Policy 5.6.7
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+~:-]*", re.ASCII)  # Debian Policy 5.6.12
_ARCHITECTURE = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageVersion:
    """One version of a package, as the signed index describes it."""

    name: str
    version: str
    architecture: str
    filename: str
    """Place in the archive, from its root."""
    size: int
    """Bytes of the .deb."""
    sha256: Sha256
    homepage: str
    """Empty where the package names none."""
    section: str
    source: str
    """Name of the source package."""

    @property
    def file_name(self) -> str:
        """The name its .deb is kept under: made from checked parts, never taken from the index."""
        return f"{self.name}_{self.version.replace(':', '%3a')}_{self.architecture}.deb"


def checked_name(package: str) -> str:
    """Give a package name back; raises FetchError where Debian's policy does not allow it."""
    if not _NAME.fullmatch(package) or len(package) > _LONGEST:
        hint = "Package names have small letters, digits, `+`, `-` and `.`, and begin with a letter or digit."
        raise FetchError(f"{package!r} is no package name", hint=hint, code="package-name")
    return package


def read_version(package: str, lines: Iterable[str]) -> PackageVersion | None:
    """Read the stanza of `package`, None where there is none; IntegrityError where it promises no digest."""
    for fields in _stanzas(lines):
        if fields.get("Package") == package and "Filename" in fields:
            return _version(fields)
    return None


def _stanzas(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    for line in (*lines, ""):
        name, colon, value = line.partition(":")
        if colon and not line.startswith((" ", "\t")):
            fields[name] = value.strip()
        elif not line and fields:
            yield fields
            fields = {}


def _version(fields: dict[str, str]) -> PackageVersion:
    name, version, architecture = (fields.get(key, "") for key in ("Package", "Version", "Architecture"))
    size, digest = fields.get("Size", ""), fields.get("SHA256", "")
    shapes = (_VERSION.fullmatch(version), _ARCHITECTURE.fullmatch(architecture), _SHA256.fullmatch(digest))
    if not all(shapes) or not size.isdecimal() or len(version) > _LONGEST:
        raise IntegrityError(f"the index says of {name} neither a plain version nor a size and a SHA-256")
    return PackageVersion(
        name=name,
        version=version,
        architecture=architecture,
        filename=fields["Filename"],
        size=int(size),
        sha256=Sha256(digest),
        homepage=fields.get("Homepage", ""),
        section=fields.get("Section", ""),
        source=fields.get("Source", name).partition(" ")[0],
    )
