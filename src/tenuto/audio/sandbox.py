"""What a parser process may do: compute on what it was handed; no other files, sockets, programs or processes (Linux).

Calls are refused by name through seccomp; the names' numbers are the kernel's own, from its asm/unistd.h.
"""

import codecs
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

_EVERYWHERE = (
    *(424, 434, 438),  # pidfd_send_signal, pidfd_open, pidfd_getfd
    *(425, 426, 427),  # io_uring, which would do without the calls below
    *(428, 429, 430, 431, 432, 433, 442),  # open_tree to mount_setattr: mounts
    *(437, 452),  # openat2, fchmodat2
)
"""Numbers that are the same on every machine."""
_X86_64 = (
    *(41, 53, 42, 49),  # socket, socketpair, connect, bind
    *(59, 322, 101, 310, 311),  # execve, execveat, ptrace, process_vm_readv and _writev
    *(62, 200, 234),  # kill, tkill, tgkill
    *(2, 85, 257),  # open, creat, openat
    *(76, 77, 82, 83, 84, 86, 87, 88),  # truncate, ftruncate, rename, mkdir, rmdir, link, unlink, symlink
    *(90, 91, 92, 93, 94, 132, 133, 235),  # chmod, fchmod, chown, fchown, lchown, utime, mknod, utimes
    *(258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 316),  # the same calls of the `at` kind
    *(165, 166, 188, 189, 190, 197, 198, 199),  # mount, umount2, extended attributes
)
_AARCH64 = (
    *(198, 199, 203, 200),  # socket, socketpair, connect, bind
    *(221, 281, 117, 270, 271),  # execve, execveat, ptrace, process_vm_readv and _writev
    *(129, 130, 131),  # kill, tkill, tgkill
    *(56, 45, 46),  # openat, truncate, ftruncate
    *(33, 34, 35, 36, 37, 38, 276),  # mknodat, mkdirat, unlinkat, symlinkat, linkat, renameat, renameat2
    *(52, 53, 54, 55, 88),  # fchmod, fchmodat, fchownat, fchown, utimensat
    *(39, 40, 5, 6, 7, 14, 15, 16),  # umount2, mount, extended attributes
)
_CALLS = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}
"""Machine → its AUDIT_ARCH, and the numbers of the calls refused there beside those of everywhere."""
_ENCODINGS = ("ascii", "cp1252", "cp437", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32")


def confine(memory: int) -> None:
    """Bind this process to `memory` bytes, no file growth and, on known machines, to the files it has open."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)  # Python opens an encoding's module when it is first used
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
    refused = (*numbers, *_EVERYWHERE)
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
