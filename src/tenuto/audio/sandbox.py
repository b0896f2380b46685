"""What a parser process may do: little memory, no new files, no sockets, no other programs (Linux)."""

import ctypes
import errno
import os
import platform
import resource
import struct

__all__ = ["confine", "grant_seconds"]

_FILES = 32  # open descriptors
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS
_SECCOMP = 22  # PR_SET_SECCOMP
_FILTER = 2  # SECCOMP_MODE_FILTER
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF: word at offset; two jumps; return
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
_FOREIGN = 0x40000000  # numbers from here on belong to the x32 ABI, which would go round the list

_IO_URING = 425  # io_uring_setup, which would make sockets without the calls below; one number everywhere
_CALLS = {  # machine → (its AUDIT_ARCH, numbers of socket, socketpair, connect, execve, execveat, ptrace)
    "x86_64": (0xC000003E, (41, 53, 42, 59, 322, 101)),
    "aarch64": (0xC00000B7, (198, 199, 203, 221, 281, 117)),
}


def confine(memory: int) -> None:
    """Bind this process to `memory` bytes, no file growth and, on known machines, no sockets or programs."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
    ):
        hard = resource.getrlimit(limit)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (bound, bound))
    libc = ctypes.CDLL(None, use_errno=True)
    _prctl(libc, _NO_NEW_PRIVILEGES, 1, None)
    if platform.machine() in _CALLS:
        _refuse_calls(libc, *_CALLS[platform.machine()])


def grant_seconds(seconds: float) -> None:
    """Let this process use `seconds` more of processor time, rounded up; the kernel ends it when they are used."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = int(sum(os.times()[:2]) + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _refuse_calls(libc: ctypes.CDLL, architecture: int, numbers: tuple[int, ...]) -> None:
    """Install a filter: another architecture's calls, foreign numbers and the listed ones fail with EPERM."""
    refused = (*numbers, _IO_URING)
    last = len(refused) + 5  # index of the refusing return; a jump counts from the next instruction
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, last - 2, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, last - 4, 0, _FOREIGN),
    ]
    steps += [(_EQUAL, last - at - 1, 0, number) for at, number in enumerate(refused, start=4)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    _prctl(libc, _SECCOMP, _FILTER, program)


def _prctl(libc: ctypes.CDLL, option: int, second: int, third: object) -> None:
    zero = ctypes.c_ulong(0)
    pointer = zero if third is None else ctypes.cast(third, ctypes.c_void_p)  # type: ignore[arg-type]
    if libc.prctl(option, ctypes.c_ulong(second), pointer, zero, zero) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
