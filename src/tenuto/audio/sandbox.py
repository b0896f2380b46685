"""What a parser process may do: compute on what it was handed, and answer; nothing else reaches the kernel (Linux).

Calls are allowed by number, some only with certain arguments; every other one fails with EPERM. What is allowed is what
five thousand files, real and mutated, were seen to need, and what allocators and clocks of other C libraries would.
"""

import codecs
import errno
import os
import platform
import resource
from collections.abc import Iterable
from dataclasses import dataclass

from tenuto.kernel import (
    ARCHITECTURES,
    Step,
    die_with_parent,
    drop_capabilities,
    filter_calls,
    hide_memory,
    limit,
    renounce_privileges,
)

__all__ = ["confine", "grant_seconds"]

_FILES = 32  # open descriptors
_LOAD, _AND, _EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06  # BPF: word at offset; mask; jump; return
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
_ALL = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Check:
    """An argument's lower word, all but the bits in `free`, must be `value`."""

    argument: int
    value: int = 0
    free: int = 0


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that is allowed where every check holds; a second entry for it allows other arguments, too."""

    x86_64: int
    aarch64: int
    checks: tuple[_Check, ...] = ()


_DATA = 1 | 2  # PROT_READ | PROT_WRITE: no memory becomes code
_RESERVED = 0x4000  # MAP_NORESERVE
_OWN_MEMORY = 0x02 | 0x20  # MAP_PRIVATE | MAP_ANONYMOUS: no file, no fixed place
_FLAVOURS = 128 | 256  # FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME
_CALLS = (
    *(_Call(8, 62), _Call(0, 63), _Call(3, 57)),  # lseek, read, close: of what it was handed
    _Call(47, 212, (_Check(0),)),  # recvmsg, from standard input
    _Call(9, 222, (_Check(2, 0, _DATA), _Check(3, _OWN_MEMORY, _RESERVED))),  # mmap
    _Call(10, 226, (_Check(2, 0, _DATA),)),  # mprotect
    _Call(25, 216, (_Check(3, 0, 1),)),  # mremap, which may move what it enlarges, but not onto a chosen place
    *(_Call(11, 215), _Call(12, 214)),  # munmap, brk
    _Call(202, 98, (_Check(1, 0, 1 | _FLAVOURS),)),  # futex: wait and wake
    _Call(202, 98, (_Check(1, 9, _FLAVOURS),)),  # futex: wait for certain wakes
    _Call(302, 261, (_Check(0), _Check(1, resource.RLIMIT_CPU))),  # prlimit64: its own time, within the hard limit
    *(_Call(100, 153), _Call(96, 169)),  # times, gettimeofday
    _Call(228, 113, (_Check(0, 0, 15),)),  # clock_gettime: no clock of another process, whose numbers are negative
    _Call(318, 278),  # getrandom
    *(_Call(15, 139), _Call(231, 94)),  # rt_sigreturn, exit_group
)
"""Allowed whatever the machine; `write` to the answers comes in front.

Not among them: clone, for FFmpeg's demuxers start no thread, and fstat, for where glibc makes it newfstatat with an
empty path, no filter can see that the path is empty. Python opens a descriptor without it, and without ioctl.
"""
_WRITE = (1, 64)
_ENCODINGS = ("ascii", "cp1252", "cp437", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32")


def confine(memory: int, answers: int) -> None:
    """Bind this process to `memory` bytes, no file growth and, on known machines, to the calls that parsing needs.

    It may write to the descriptor `answers` alone, and dies with the thread that started it.
    """
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)  # Python opens an encoding's module when it is first used
    for bound, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        limit(bound, most)
    drop_capabilities()  # before the death signal, which a change of privileges may clear
    hide_memory()
    die_with_parent()
    renounce_privileges()
    machine = platform.machine()
    if machine in ARCHITECTURES:
        filter_calls(_program(ARCHITECTURES[machine], _allowed(answers, is_x86=machine == "x86_64")))


def grant_seconds(seconds: float) -> None:
    """Let this process use `seconds` more of processor time, rounded up; the kernel ends it when they are used."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = int(sum(os.times()[:2]) + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _allowed(answers: int, *, is_x86: bool) -> Iterable[tuple[int, tuple[_Check, ...]]]:
    for call in (_Call(*_WRITE, (_Check(0, answers),)), *_CALLS):
        yield call.x86_64 if is_x86 else call.aarch64, call.checks


def _program(architecture: int, allowed: Iterable[tuple[int, tuple[_Check, ...]]]) -> list[Step]:
    """Write a filter: a call passes by the first entry that allows it; another architecture's calls fail all."""
    entries = [step for number, checks in allowed for step in _entry(number, checks)]
    return [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        *entries,
        (_RETURN, 0, 0, _REFUSE),
    ]


def _entry(number: int, checks: tuple[_Check, ...]) -> list[Step]:
    """Write one entry: any test that fails jumps behind it, where the next begins."""
    tests: list[tuple[Step, ...]] = [((_LOAD, 0, 0, 0), (_EQUAL, 0, 0, number))]
    for check in checks:
        word = (_LOAD, 0, 0, 16 + 8 * check.argument)  # these machines put the lower word first
        tests.append((word, (_AND, 0, 0, _ALL & ~check.free), (_EQUAL, 0, 0, check.value)))
    steps = [step for test in tests for step in test]
    ends = len(steps)
    jumps = [(code, 0, ends - at if code == _EQUAL else 0, value) for at, (code, _, _, value) in enumerate(steps)]
    return [*jumps, (_RETURN, 0, 0, _ALLOW)]
