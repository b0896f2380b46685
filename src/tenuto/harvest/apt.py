"""The machine's Debian package client, used without root through directories of our own."""

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tenuto.durable import TEMPORARY, publish, storage, write_file
from tenuto.harvest.child import Finished, run
from tenuto.harvest.stanza import PackageVersion, checked_name, read_version
from tenuto.model.errors import FetchError, IntegrityError, StorageError, UnsafeInputError
from tenuto.model.progress import Progress
from tenuto.opening import open_file

__all__ = ["AptClient", "PackageVersion", "available", "verify"]

_DAY = 86_400.0
_UPDATE_SECONDS = 600.0
_ASK_SECONDS = 60.0
_DOWNLOAD_SECONDS = 7_200.0
_PROGRAMS = ("apt-get", "apt-cache", "dpkg-deb")
_STATUS = re.compile(r"dlstatus:\d+:(\d+(?:\.\d+)?):")
_ALTERED = ("Hash Sum mismatch", "unexpected size", "Size mismatch")
_CONFIGURATION = b"""\
// Written by Tenuto: the machine's own settings hold, except for these.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::CNF::DefaultEnabled "false";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
"""


def available() -> bool:
    """Tell whether this machine has the Debian package client and what unpacks packages."""
    return all(shutil.which(program) for program in _PROGRAMS)


class AptClient:
    """Finds and downloads packages from the machine's own Debian sources, checked by their signatures."""

    def __init__(self, state: Path, sources: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        """Keep lists in `state`; ask `sources` (a one-line-style list) in place of the machine's own, if given."""
        self._state = state.absolute()
        self._sources = sources
        self._clock = clock
        self._refreshed = False
        self._complaint = ""

    def resolve(self, package: str) -> PackageVersion:
        """Find the version the machine would install; raises FetchError where there is none, IntegrityError."""
        name = checked_name(package)
        self._prepare()
        if self._is_stale():
            self._refresh()
        version = self._ask(name)
        if version is None and not self._refreshed:
            self._refresh()
            version = self._ask(name)
        if version is None:
            hint = (
                self._complaint or "Check the name with `apt-cache search`; only the machine's own sources are asked."
            )
            raise FetchError(f"no package source of this machine has {name}", hint=hint, code="package-unknown")
        return version

    def download(self, version: PackageVersion, directory: Path, progress: Progress) -> Path:
        """Fetch a .deb into `directory`, unless it is there and whole; raises FetchError, IntegrityError."""
        path = directory / version.file_name
        if path.exists() and _is_whole(path, version):
            return path
        self._prepare()
        work = directory / f"{TEMPORARY}{os.getpid()}-{version.name}"
        shutil.rmtree(work, ignore_errors=True)
        with storage(work):
            work.mkdir(parents=True)
        progress.start(f"Fetching {version.name}", version.size, "bytes")
        try:
            fetched = self._fetch(version, work, progress)
            verify(fetched, version)
            publish(fetched, path)
        finally:
            progress.finish()
            shutil.rmtree(work, ignore_errors=True)
        return path

    def _fetch(self, version: PackageVersion, work: Path, progress: Progress) -> Path:
        meter = _Meter(version.size, progress)
        command = ["-q", "-o", "APT::Status-Fd=1", "download", "--", f"{version.name}={version.version}"]
        finished = self._run("apt-get", command, _DOWNLOAD_SECONDS, cwd=work, listen=meter.hear)
        fetched = sorted(work.glob("*.deb"))
        if finished.code != 0 or len(fetched) != 1:
            raise _failure(version.name, finished)
        meter.reach(version.size)
        return fetched[0]

    def _ask(self, name: str) -> PackageVersion | None:
        finished = self._run("apt-cache", ["show", "--no-all-versions", "--", name], _ASK_SECONDS)
        return read_version(name, finished.lines)

    def _refresh(self) -> None:
        """Fetch the package lists; sources that fail are passed over as long as another one answers."""
        finished = self._run("apt-get", ["-q=2", "update"], _UPDATE_SECONDS)
        self._refreshed = True
        self._complaint = _first_complaint(finished)
        if not self._has_lists():
            hint = self._complaint or "Check the network and the machine's package sources."
            raise FetchError("the package lists cannot be fetched", hint=hint, code="package-lists")
        write_file(self._state / "refreshed", f"{self._clock():.0f}\n".encode("ascii"))

    def _has_lists(self) -> bool:
        return any((self._state / "lists").glob("*Packages*"))

    def _is_stale(self) -> bool:
        stamp = self._state / "refreshed"
        if not stamp.exists() or not self._has_lists():
            return True
        with storage(stamp):
            text = stamp.read_text("ascii", errors="replace").strip()
        age = self._clock() - float(text) if text.isdecimal() else _DAY
        return not 0 <= age < _DAY and not self._refreshed

    def _prepare(self) -> None:
        with storage(self._state):
            for folder in ("lists/partial", "archives/partial", "log"):
                (self._state / folder).mkdir(parents=True, exist_ok=True)
            (self._state / "status").touch()
        write_file(self._state / "apt.conf", _CONFIGURATION)

    def _run(
        self,
        program: str,
        arguments: list[str],
        seconds: float,
        *,
        cwd: Path | None = None,
        listen: Callable[[str], None] | None = None,
    ) -> Finished:
        command = [program, "-c", str(self._state / "apt.conf"), *self._options(), *arguments]
        return run(command, seconds=seconds, cwd=cwd or self._state, listen=listen)

    def _options(self) -> list[str]:
        places = {
            "Dir::State": self._state,
            "Dir::State::lists": self._state / "lists",
            "Dir::State::status": self._state / "status",
            "Dir::Cache": self._state,
            "Dir::Cache::archives": self._state / "archives",
            "Dir::Log": self._state / "log",
        }
        if self._sources is not None:
            places |= {"Dir::Etc::sourcelist": self._sources.absolute(), "Dir::Etc::sourceparts": Path(os.devnull)}
        return [part for name, place in places.items() for part in ("-o", f"{name}={place}")]


class _Meter:
    """Turns the client's percentages into bytes done."""

    def __init__(self, size: int, progress: Progress) -> None:
        self._size = size
        self._progress = progress
        self._done = 0

    def hear(self, line: str) -> None:
        found = _STATUS.match(line)
        if found:
            self.reach(int(self._size * min(float(found[1]), 100.0) / 100))

    def reach(self, done: int) -> None:
        if done > self._done:
            self._progress.advance(done - self._done)
            self._done = done


def verify(path: Path, version: PackageVersion) -> None:
    """Compare a .deb with the index and make it durable; raises IntegrityError where size or SHA-256 differ."""
    with storage(path), open_file(path) as file:
        if file.facts.st_size != version.size:
            said = f"{file.facts.st_size} bytes arrived where the index promises {version.size}"
            raise IntegrityError(f"{version.name}: {said}")
        digest = file.digest()
        os.fsync(file.descriptor)
    if digest != version.sha256:
        raise IntegrityError(f"{version.name}: the package does not have the SHA-256 that the index promises")


def _is_whole(path: Path, version: PackageVersion) -> bool:
    try:
        verify(path, version)
    except (IntegrityError, StorageError, UnsafeInputError):
        return False
    return True


def _first_complaint(finished: Finished) -> str:
    lines = [line for line in finished.complaints.splitlines() if line.startswith(("E:", "W:"))]
    return f"The package client says: {min(lines)[2:].strip()[:300]}" if lines else ""


def _failure(name: str, finished: Finished) -> FetchError | IntegrityError:
    said = _first_complaint(finished)
    if any(words in finished.complaints for words in _ALTERED):
        return IntegrityError(f"{name}: the package is not the one the index promises", hint=said)
    return FetchError(f"the package {name} cannot be fetched", hint=said or None, code="package-fetch")
