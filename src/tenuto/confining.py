"""A process for parsers that need threads and files: it may compute, read its input and write below one folder.

`python -I -m tenuto.confining BOUNDS MODULE …` binds itself and then runs the module's main(…). Bounds come first, for
they hold for threads that are started later: whatever a library starts when it is imported has them.

What is refused is a list here, unlike that of audio/sandbox.py, for engines with threads need most calls. It leaves no
new socket, no program, no other process, and no look at or signal to one; which files may be reached, Landlock says.
"""

import errno
import importlib
import os
import platform
import resource
import struct
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from ctypes import create_string_buffer
from dataclasses import dataclass
from pathlib import Path

from tenuto.kernel import (
    ARCHITECTURES,
    Step,
    call,
    die_with_parent,
    filter_calls,
    limit,
    renounce_privileges,
)
from tenuto.model.document import from_json, to_json

__all__ = ["Bounds", "command", "main"]

_FILES = 256  # open descriptors
_LOAD, _AND, _EQUAL, _ABOVE, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # BPF: word at offset; mask; jumps; return
_ALLOW, _REFUSE, _ABSENT = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_X32 = 0x40000000  # calls of the x32 kind, numbered anew
_THREAD = 0x10000  # CLONE_THREAD
_REFUSED = {
    "x86_64": (
        *(41, 53, 425),  # socket, socketpair, io_uring_setup
        *(57, 58, 59, 322),  # fork, vfork, execve, execveat
        *(62, 200, 129, 297, 424),  # kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal
        *(101, 310, 311, 434, 438),  # ptrace, process_vm_readv, process_vm_writev, pidfd_open, pidfd_getfd
        *(161, 165, 166, 155, 272, 308, 304),  # chroot, mount, umount2, pivot_root, unshare, setns, open_by_handle_at
        *(246, 175, 313, 169, 298, 321, 323),  # kexec_load, init_module, finit_module, reboot, perf, bpf, userfaultfd
        *(248, 249, 250, 141, 142, 144, 203),  # add_key, request_key, keyctl, setpriority, sched_setparam and the like
    ),
    "aarch64": (
        *(198, 199, 425),
        *(221, 281),
        *(129, 130, 138, 240, 424),
        *(117, 270, 271, 434, 438),
        *(51, 40, 39, 41, 97, 268, 265),
        *(104, 105, 273, 142, 241, 280, 282),
        *(217, 218, 219, 140, 118, 119, 122),
    ),
}
_CLONE, _CLONE3, _PRLIMIT = {"x86_64": 56, "aarch64": 220}, 435, {"x86_64": 302, "aarch64": 261}
_RULESET, _RULE, _RESTRICT = 444, 445, 446  # landlock_create_ruleset, landlock_add_rule, landlock_restrict_self
_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_READ, _READ_FILE = 1 << 2 | 1 << 3, 1 << 2
_EVERY = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Ways to reach a file that Landlock knows, by the version that first knew so many."""
_NO_EXECUTING = ~1
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/zero", "/dev/urandom"),
    *("/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/sys/vm", "/sys/fs/cgroup"),
    "/sys/devices/system",
)
"""What libraries read when they start or ask how large the machine is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a process is bound to."""

    memory: int
    """Bytes of memory of its own."""
    seconds: int
    """Processor time, of all its threads."""
    parent: int
    """The process that starts it, and with which it ends."""
    reads: tuple[str, ...] = ()
    """Files and folders it may read."""
    writes: tuple[str, ...] = ()
    """Folders it may write below."""


def command(bounds: Bounds, module: str, arguments: Sequence[str]) -> list[str]:
    """Give the command that runs `main(arguments)` of a module of ours within bounds."""
    return [sys.executable, "-I", "-m", "tenuto.confining", to_json(bounds), module, *arguments]


def main(arguments: list[str]) -> None:
    """Bind this process, and run a module's `main` in it."""
    bounds, module, *rest = arguments
    _confine(from_json(Bounds, bounds))
    importlib.import_module(module).main(rest)


def _confine(bounds: Bounds) -> None:
    for bound, most in (
        (resource.RLIMIT_DATA, bounds.memory),
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        limit(bound, most)
    die_with_parent()
    if os.getppid() != bounds.parent:  # it ended before it could be told
        sys.exit(1)
    renounce_privileges()
    _restrict(bounds)
    machine = platform.machine()
    if machine in ARCHITECTURES:
        filter_calls(list(_program(machine)))


def _program(machine: str) -> Iterator[Step]:
    """Write the filter: another architecture's calls fail, those refused too; a new process is none of threads."""
    refuse, allow = (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)
    yield from ((_LOAD, 0, 0, 4), (_EQUAL, 1, 0, ARCHITECTURES[machine]), refuse, (_LOAD, 0, 0, 0))
    if machine == "x86_64":
        yield from ((_ABOVE, 0, 1, _X32), refuse)
    for number in _REFUSED[machine]:
        yield from ((_EQUAL, 0, 1, number), refuse)
    yield from ((_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ABSENT))  # its flags are out of sight; clone is taken then
    thread = ((_LOAD, 0, 0, 16), (_AND, 0, 0, _THREAD), (_EQUAL, 0, 1, _THREAD), allow, refuse)
    yield from ((_EQUAL, 0, len(thread), _CLONE[machine]), *thread)
    yield from ((_EQUAL, 0, 3, _PRLIMIT[machine]), (_LOAD, 0, 0, 16), (_EQUAL, 1, 0, 0), refuse)  # its own limits alone
    yield allow


def _restrict(bounds: Bounds) -> None:
    """Leave of all files those that the bounds name and those that Python runs from; no TCP; older kernels cannot."""
    try:
        version = call(_RULESET, 0, 0, 1)
    except OSError:
        return
    every = _EVERY[max(known for known in _EVERY if known <= version)]
    attributes = struct.pack("=QQQ", every, 3 if version >= 4 else 0, 3 if version >= 6 else 0)  # noqa: PLR2004 - versions
    size = 24 if version >= 6 else 16 if version >= 4 else 8  # noqa: PLR2004 - the same
    rules = call(_RULESET, create_string_buffer(attributes[:size], size), size, 0)
    running = {sys.prefix, sys.base_prefix, *sys.path, *sysconfig.get_paths().values()}
    for path in (*_SYSTEM, *sorted(running), *bounds.reads):
        _permit(rules, path, _READ)
    _permit(rules, "/dev/null", _READ_FILE | 1 << 1)
    for path in bounds.writes:
        _permit(rules, path, every & _NO_EXECUTING)
    call(_RESTRICT, rules, 0)
    os.close(rules)


def _permit(rules: int, path: str, ways: int) -> None:
    """Permit ways to reach what is at a path and below; a path that is not there needs no permission."""
    try:
        place = os.open(path or ".", os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    ways = ways if Path(path).is_dir() else ways & (_READ_FILE | 1 << 1)
    call(_RULE, rules, _BENEATH, create_string_buffer(struct.pack("=Qi", ways, place), 12), 0)
    os.close(place)


if __name__ == "__main__":
    main(sys.argv[1:])
