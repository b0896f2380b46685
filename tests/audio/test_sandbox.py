"""The sandbox: what a parser process is refused, one by one, and that parsing misses nothing of it."""

import array
import fcntl
import os
import platform
import random
import re
import resource
import select
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tenuto.audio.pool import Limits, ProbePool
from tenuto.model.audio import Probe

KNOWN = platform.machine() in {"x86_64", "aarch64"}
GET_FLAGS = 0x80086601  # FS_IOC_GETFLAGS
CONFINED = """
import ctypes, errno, os, platform, resource, socket, sys
from tenuto.audio.sandbox import confine
path, victim, answers = sys.argv[1], int(sys.argv[2]), 1
new, here, handed = path + ".new", path.encode(), os.open(path, os.O_RDWR)
ours, theirs = socket.socketpair()
libc, machine = ctypes.CDLL(None, use_errno=True), platform.machine() == "aarch64"
space = ctypes.create_string_buffer(b"\\x09\\0\\0\\0" * 8192)
page = ctypes.addressof(space) + 4096 & ~4095

def call(intel, arm, *arguments):
    if (number := (intel, arm)[machine]) is None:
        raise PermissionError("no such call on this machine")
    words = [a if isinstance(a, (bytes, ctypes.Array)) else ctypes.c_long(a) for a in arguments]
    if libc.syscall(ctypes.c_long(number), *words, *[ctypes.c_long(0)] * (6 - len(words))) == -1:
        raise OSError(ctypes.get_errno(), "refused")

confine(512 * 1024 * 1024, answers)
failed = []
for name, attempt in (
    ("socket", lambda: socket.socket()),
    ("socketpair", lambda: socket.socketpair()),
    ("connect", lambda: call(42, 203, ours.fileno(), b"\\1\\0/x", 4)),
    ("bind", lambda: call(49, 200, ours.fileno(), b"\\1\\0", 2)),
    ("sendto", lambda: ours.send(b"x")),
    ("sendmsg", lambda: ours.sendmsg([b"x"])),
    ("recvfrom", lambda: call(45, 207, ours.fileno(), space, 1, 0x40)),
    ("recvmsg from another socket", lambda: ours.recvmsg(1, 0, 0x40)),
    ("shutdown", lambda: call(48, 210, ours.fileno(), 2)),
    ("setsockopt", lambda: call(54, 208, ours.fileno(), 1, 8, space, 4)),
    ("program", lambda: os.execv("/bin/true", ["true"])),
    ("execveat", lambda: call(322, 281, -100, b"/bin/true", 0, 0, 0)),
    ("fork", lambda: os.fork()),
    ("vfork", lambda: call(58, None)),
    ("clone", lambda: call(56, 220, 17)),
    ("thread", lambda: call(56, 220, 0x50F00, ctypes.addressof(space) + 4000)),
    ("clone three", lambda: call(435, 435, space, 88)),
    ("session", lambda: call(112, 157)),
    ("process group", lambda: call(109, 154, 0, 0)),
    ("new file", lambda: os.open(new, os.O_CREAT | os.O_WRONLY)),
    ("reading", lambda: os.open(path, os.O_RDONLY)),
    ("open", lambda: call(2, None, here, 0)),
    ("creat", lambda: call(85, None, here, 0)),
    ("openat two", lambda: call(437, 437, -100, here, space, 24)),
    ("name to handle", lambda: call(303, 264, -100, here, space, ctypes.addressof(space) + 2048, 0)),
    ("open by handle", lambda: call(304, 265, handed, space, 0)),
    ("memory file", lambda: call(319, 279, b"x", 0)),
    ("secret memory file", lambda: call(447, 447, 0)),
    ("writing", lambda: os.write(handed, b"x")),
    ("writing to standard error", lambda: os.write(2, b"x")),
    ("pwrite", lambda: os.pwrite(handed, b"x", 0)),
    ("writev", lambda: os.writev(handed, [b"x"])),
    ("pwritev", lambda: os.pwritev(handed, [b"x"], 0)),
    ("sendfile", lambda: os.sendfile(answers, handed, 0, 1)),
    ("splice", lambda: call(275, 76, handed, 0, answers, 0, 1, 0)),
    ("vmsplice", lambda: call(278, 75, answers, space, 0, 0)),
    ("copying a range", lambda: os.copy_file_range(handed, handed, 1, 0, 2)),
    ("fallocate", lambda: call(285, 47, handed, 0, 0, 4)),
    ("truncating", lambda: os.ftruncate(handed, 0)),
    ("truncate", lambda: os.truncate(path, 0)),
    ("flushing", lambda: os.fsync(handed)),
    ("unlinking", lambda: os.unlink(path)),
    ("renaming", lambda: os.rename(path, new)),
    ("linking", lambda: os.link(path, new)),
    ("symbolic link", lambda: os.symlink(path, new)),
    ("special file", lambda: os.mknod(new)),
    ("folder", lambda: os.mkdir(new)),
    ("mode", lambda: os.chmod(path, 0)),
    ("mode of the handed", lambda: os.fchmod(handed, 0)),
    ("owner", lambda: os.fchown(handed, 1, 1)),
    ("times", lambda: os.utime(path)),
    ("attribute", lambda: os.setxattr(handed, "user.x", b"x")),
    ("flags", lambda: call(16, 29, handed, 0x40086602, space)),
    ("terminal", lambda: call(16, 29, 0, 0x5412, b"x")),
    ("flock", lambda: call(73, 32, handed, 2)),
    ("record lock", lambda: call(72, 25, handed, 6, bytes(32))),
    ("lease", lambda: call(72, 25, handed, 1024, 0)),
    ("descriptor flags", lambda: call(72, 25, handed, 4, 0o20000)),
    ("owner of signals", lambda: call(72, 25, handed, 8, victim)),
    ("kind of signal", lambda: call(72, 25, handed, 10, 9)),
    ("copy by fcntl", lambda: call(72, 25, handed, 0, 0)),
    ("copy", lambda: os.dup(handed)),
    ("copy onto", lambda: call(292, 24, handed, 20, 0)),
    ("stat", lambda: os.stat(path)),
    ("fstat", lambda: os.fstat(handed)),
    ("stat by path and the flag of fstat", lambda: call(262, 79, -100, here, space, 0x1000)),
    ("statx", lambda: call(332, 291, -100, here, 0, 0x7FF, space)),
    ("statfs", lambda: call(137, 43, here, space)),
    ("access", lambda: call(21, None, here, 0)),
    ("faccessat", lambda: call(269, 48, -100, here, 0)),
    ("faccessat two", lambda: call(439, 439, -100, here, 0, 0)),
    ("readlink", lambda: os.readlink("/proc/self/exe")),
    ("listing", lambda: os.listdir("/")),
    ("working folder", lambda: os.getcwd()),
    ("chdir", lambda: os.chdir("/")),
    ("fchdir", lambda: os.fchdir(handed)),
    ("chroot", lambda: os.chroot("/")),
    ("pivot", lambda: call(155, 41, b"/", b"/")),
    ("unshare", lambda: call(272, 97, 0x10000000)),
    ("setns", lambda: call(308, 268, handed, 0)),
    ("mount", lambda: call(165, 40, 0, 0, 0, 0, 0)),
    ("umount", lambda: call(166, 39, b"/nonexistent", 0)),
    ("open tree", lambda: call(428, 428, -100, b"/", 0)),
    ("inotify", lambda: call(294, 26, 0)),
    ("fanotify", lambda: call(300, 262, 0, 0)),
    ("eventfd", lambda: call(290, 19, 0, 0)),
    ("epoll", lambda: call(291, 20, 0)),
    ("timer file", lambda: call(283, 85, 1, 0)),
    ("signal file", lambda: call(289, 74, -1, space, 8, 0)),
    ("pipe", lambda: os.pipe()),
    ("userfaultfd", lambda: call(323, 282, 1)),
    ("bpf", lambda: call(321, 280, 0, space, 48)),
    ("performance counter", lambda: call(298, 241, space, 0, -1, -1, 0)),
    ("io uring", lambda: call(425, 425, 1, space)),
    ("asynchronous input", lambda: call(206, 0, 1, space)),
    ("shared memory", lambda: call(29, 194, 0, 4096, 0o1600)),
    ("attaching shared memory", lambda: call(30, 196, 0, 0, 0)),
    ("semaphore", lambda: call(64, 190, 0, 1, 0o1600)),
    ("message queue", lambda: call(68, 186, 0, 0o1600)),
    ("named queue", lambda: call(240, 180, b"tenuto", 0o102, 0o600, 0)),
    ("keyctl", lambda: call(250, 219, 0, -3, 0)),
    ("key", lambda: call(248, 217, b"user", b"x", b"x", 1, -2)),
    ("key request", lambda: call(249, 218, b"user", b"x", 0, -2)),
    ("killing", lambda: os.kill(victim, 9)),
    ("killing a group", lambda: os.killpg(victim, 9)),
    ("tkill", lambda: call(200, 130, victim, 9)),
    ("tgkill", lambda: call(234, 131, victim, victim, 9)),
    ("queueing a signal", lambda: call(129, 138, victim, 9, space)),
    ("queueing a signal to a thread", lambda: call(297, 240, victim, victim, 9, space)),
    ("process file", lambda: call(434, 434, victim, 0)),
    ("signal by process file", lambda: call(424, 424, handed, 9, 0, 0)),
    ("descriptor of another", lambda: call(438, 438, handed, 0, 0)),
    ("advice to another", lambda: call(440, 440, handed, space, 1, 4, 0)),
    ("tracing", lambda: call(101, 117, 16, victim, 0, 0)),
    ("reading another", lambda: call(310, 270, victim, space, 0, space, 0, 0)),
    ("writing another", lambda: call(311, 271, victim, space, 0, space, 0, 0)),
    ("comparing others", lambda: call(312, 272, victim, victim, 1, 0, 0)),
    ("limit of another", lambda: call(302, 261, victim, resource.RLIMIT_NOFILE, space, 0)),
    ("processor time of another", lambda: call(302, 261, victim, resource.RLIMIT_CPU, space, 0)),
    ("another limit", lambda: call(302, 261, 0, resource.RLIMIT_NOFILE, 0, space)),
    ("setrlimit", lambda: call(160, 164, resource.RLIMIT_NOFILE, space)),
    ("priority of another", lambda: os.setpriority(os.PRIO_PROCESS, victim, 5)),
    ("processors of another", lambda: call(203, 122, victim, 8, b"\\1" + bytes(7))),
    ("scheduler of another", lambda: call(144, 119, victim, 3, bytes(8))),
    ("input priority of another", lambda: call(251, 30, 1, victim, 3 << 13)),
    ("clock of another", lambda: call(228, 113, ~victim << 3 | 2, space)),
    ("setting the clock", lambda: call(227, 112, 0, 0)),
    ("timer", lambda: call(222, 107, 0, 0, space)),
    ("alarm", lambda: call(38, 103, 0, 0, 0)),
    ("signal handler", lambda: call(13, 134, 10, 0, 0, 8)),
    ("lock with priority", lambda: call(202, 98, ctypes.addressof(space) + 4, 6, 0, 0)),
    ("memory as code", lambda: call(9, 222, 0, 4096, 7, 0x22, -1, 0)),
    ("memory at a fixed place", lambda: call(9, 222, page, 4096, 3, 0x32, -1, 0)),
    ("shared mapping", lambda: call(9, 222, 0, 4096, 3, 0x21, -1, 0)),
    ("mapping of a file", lambda: call(9, 222, 0, 4096, 1, 2, handed, 0)),
    ("turning memory into code", lambda: call(10, 226, page, 4096, 5)),
    ("turning memory into code by key", lambda: call(329, 288, page, 4096, 5, -1)),
    ("moving memory onto another", lambda: call(25, 216, page, 4096, 4096, 3, page + 8192)),
    ("locking memory", lambda: call(149, 228, page, 4096)),
    ("advice on memory", lambda: call(28, 233, page, 4096, 10)),
    ("personality", lambda: call(135, 92, 0x400000)),
    ("prctl", lambda: call(157, 167, 4, 1)),
    ("filter", lambda: call(317, 277, 2, 0, space)),
    ("user", lambda: call(117, 147, 1, 1, 1)),
    ("capabilities", lambda: call(126, 91, space, space)),
    ("umask", lambda: call(95, 166, 0)),
    ("kernel log", lambda: call(103, 116, 10, 0, 0)),
    ("foreign number", lambda: call(0x40000000 + 39, None)),
    ("memory", lambda: bytearray(600 * 1024 * 1024)),
    ("descriptors", lambda: [os.dup(handed) for _ in range(100)]),
):
    try:
        attempt()
    except (PermissionError, MemoryError):
        failed.append(name)
    except OSError as error:
        failed.append(f"{name} got as far as {error}")
os.write(answers, ", ".join(failed).encode())
"""


def state(process: int) -> tuple[object, ...]:
    """Give what another process could have changed about this one."""
    limits = [resource.prlimit(process, limit) for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_CPU)]
    return (
        limits,
        os.getpriority(os.PRIO_PROCESS, process),
        os.sched_getaffinity(process),
        os.sched_getscheduler(process),
    )


def flags(path) -> int:
    """Give the inode flags of a file (`i` is immutable), or 0 where its file system has none."""
    found = array.array("L", [0])
    with path.open("rb") as stream:
        try:
            fcntl.ioctl(stream, GET_FLAGS, found)
        except OSError:
            return 0
    return found[0]


@pytest.mark.skipif(not KNOWN, reason="the numbers of this machine's calls are not known")
def test_confined_process_can_do_nothing_but_compute(tmp_path):
    """What a parser could be talked into is refused by the kernel, call by call, and leaves no trace."""
    kept = tmp_path / "kept"
    kept.write_bytes(b"bits")
    with ExitStack() as undo:
        victim = undo.enter_context(subprocess.Popen(["sleep", "600"], start_new_session=True))
        undo.callback(victim.kill)
        before = kept.stat(), flags(kept), state(victim.pid)
        command = (sys.executable, "-I", "-c", CONFINED, str(kept), str(victim.pid))
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=20)
        assert done.stdout.decode().split(", ") == re.findall(r'^    \("([a-z ]+)"', CONFINED, re.MULTILINE)
        assert victim.poll() is None
        assert (kept.stat(), flags(kept), state(victim.pid)) == before
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert kept.read_bytes() == b"bits"
    assert done.stderr == b""


STATUS = """
import os, sys
from pathlib import Path
from tenuto.audio.sandbox import confine
status = os.open("/proc/self/status", os.O_RDONLY)
confine(512 * 1024 * 1024, 1)
os.write(1, os.read(status, 65536))
"""


def test_confined_process_has_no_privileges():
    """Not even root's parsers hold a capability, and none can come back."""
    done = subprocess.run([sys.executable, "-I", "-c", STATUS], capture_output=True, check=True, timeout=20)
    found = dict(line.split(":\t", 1) for line in done.stdout.decode().splitlines())
    assert {int(found[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert found["NoNewPrivs"] == "1"
    assert found["Seccomp"] == ("2" if KNOWN else "0")


ORPHAN = """
import os, subprocess, sys
code = "from tenuto.audio.sandbox import confine; confine(1 << 29, 1); print('R', flush=True)\\nwhile True: pass"
child = subprocess.Popen([sys.executable, "-I", "-c", code], stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
print(child.pid)
"""


def test_parser_that_spins_dies_with_its_pool():
    """A pool that is killed leaves no parser behind, not even one that never looks at its input again."""
    done = subprocess.run([sys.executable, "-I", "-c", ORPHAN], stdout=subprocess.PIPE, check=True, timeout=20)
    try:
        process = os.pidfd_open(int(done.stdout))
    except ProcessLookupError:
        return
    ended, _, _ = select.select([process], [], [], 10)
    os.close(process)
    assert ended == [process]


def mutants(tones, folder):
    """Write 50 mutants of each tone, of whose first bytes some are changed, lost or doubled."""
    chance = random.Random(20261124)  # noqa: S311 - a seed makes the same mutants every time
    for suffix, whole in tones.items():
        for number in range(50):
            content, at = bytearray(whole), chance.randrange(600)
            content[at : at + chance.randint(0, 9)] = chance.randbytes(chance.randint(0, 9))
            content[at:at] = content[at : at + chance.choice((0, 0, 300))]
            path = folder / f"{number}.{suffix}"
            path.write_bytes(content)
            yield path


UNFILTERED = """
import sys
from tenuto.audio import sandbox, worker
sandbox.ARCHITECTURES.clear()
worker.main(sys.argv[1:])
"""


def test_confinement_changes_no_answer(tones, tmp_path, probe):
    """All formats and 350 mutants: the answers are those of a parser that has the same memory and no filter."""
    command = Limits().command()
    free = (*command[:2], "-c", UNFILTERED, *command[4:])
    paths = [*(tmp_path / f"tone.{suffix}" for suffix in tones)]
    for path, whole in zip(paths, tones.values(), strict=True):
        path.write_bytes(whole)
    (tmp_path / "mutants").mkdir()
    paths += mutants(tones, tmp_path / "mutants")
    with ProbePool(workers=1) as confined, ProbePool(workers=1, command=free) as unfiltered:
        answers = list(probe(confined, paths))
        assert answers == list(probe(unfiltered, paths))
    assert all(isinstance(answer, Probe) for answer in answers[: len(tones)])
    assert len(answers) == 350 + len(tones)
