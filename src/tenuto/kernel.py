"""What a process asks of the kernel to bind itself (Linux); none can be taken back; threads made later have it.

Filters of calls are in the kernel's BPF (linux/filter.h): steps of code, jump if true, jump if false, operand.
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Sequence
from typing import TypeAlias

__all__ = [
    "ARCHITECTURES",
    "Step",
    "call",
    "die_with_parent",
    "drop_capabilities",
    "filter_calls",
    "hide_memory",
    "limit",
    "renounce_privileges",
]

Step: TypeAlias = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_…
"""Machines whose numbers are known; those of aarch64 are from the kernel's asm-generic/unistd.h and were not run."""

_DEATH_SIGNAL, _DUMPABLE, _SECCOMP, _NO_NEW_PRIVILEGES = 1, 4, 22, 38  # PR_SET_…
_FILTER = 2  # SECCOMP_MODE_FILTER
_CAPABILITIES = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
_LIBC = ctypes.CDLL(None, use_errno=True)


def limit(bound: int, most: int) -> None:
    """Bind this process to `most` of a resource (`RLIMIT_…`), or to less where it is bound to less already."""
    hard = resource.getrlimit(bound)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(bound, (most, most))


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends."""
    _prctl(_DEATH_SIGNAL, signal.SIGKILL)


def hide_memory() -> None:
    """Let no process of the same person look into this one."""
    _prctl(_DUMPABLE, 0)


def renounce_privileges() -> None:
    """Let nothing this process starts have more rights than itself; filters are taken only then."""
    _prctl(_NO_NEW_PRIVILEGES, 1)


def drop_capabilities() -> None:
    """Give up what root may do beside owning its files; where there is nothing to give up, nothing happens."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITIES, 0))
    _check(_LIBC.capset(header, ctypes.create_string_buffer(24)))  # effective, permitted, inheritable: none


def filter_calls(steps: Sequence[Step]) -> None:
    """Have every call of this thread, and of those it starts, go through a filter; raises OSError where it is none."""
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    _prctl(_SECCOMP, _FILTER, program)


def call(number: int, *arguments: object) -> int:
    """Make a system call by its number, with buffers and whole numbers; raises OSError where it fails."""
    words = [one if isinstance(one, ctypes.Array) else ctypes.c_long(int(str(one))) for one in arguments]
    result = int(_LIBC.syscall(ctypes.c_long(number), *words))
    _check(min(result, 0))
    return result


def _prctl(option: int, second: int, third: object = None) -> None:
    zero = ctypes.c_ulong(0)
    pointer = zero if third is None else ctypes.cast(third, ctypes.c_void_p)  # type: ignore[arg-type] # ctypes casts a buffer, too
    _check(_LIBC.prctl(option, ctypes.c_ulong(second), pointer, zero, zero))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
