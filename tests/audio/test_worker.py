"""The child process: its protocol, its limits, and that nothing in a file makes it open anything else."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO

import av
import pytest

from tenuto.audio.parsers import probe_stream
from tenuto.audio.pool import Limits, ProbePool
from tenuto.audio.stream import read_format
from tenuto.model.audio import AudioProblem, Failure, Probe

SPIN = "from tenuto.audio.sandbox import grant_seconds\ngrant_seconds(0.1)\nwhile True: pass"
SERVE = """
import io, os, resource, socket
from tenuto.audio.worker import serve
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
socket.send_fds(ours, [b'[0, "a.ogg"]'], [os.open('/dev/null', 0)])
ours.close()
serve(theirs, io.BytesIO(), 5, 1)
print(0 < resource.getrlimit(resource.RLIMIT_CPU)[0] < 60)
"""


def test_processor_time_ends_a_parser_that_spins():
    """The kernel ends a process that used what it was granted, even if nobody waits for it; every file grants anew."""
    done = subprocess.run([sys.executable, "-I", "-c", SPIN], check=False, timeout=20)
    assert done.returncode == -signal.SIGXCPU
    done = subprocess.run([sys.executable, "-I", "-c", SERVE], capture_output=True, check=True, timeout=20)
    assert done.stdout == b"True\n"


def test_protocol_is_one_line_of_ascii_for_each_file(tone):
    """The first line says that it is ready; after it every line answers one message, and the end of input ends it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, tone("flac").open("rb") as good, open(os.devnull, "rb") as empty:  # noqa: PTH123
        for number, (name, file) in enumerate((("a.flac", good), ("\udcff\n", empty)), start=7):
            socket.send_fds(ours, [json.dumps([number, name]).encode("ascii")], [file.fileno()])
        ours.shutdown(socket.SHUT_WR)
        done = subprocess.run(Limits().command(), stdin=theirs.fileno(), capture_output=True, check=True, timeout=20)
    ready, first, second, end = done.stdout.decode("ascii").split("\n")
    assert (ready, first[:3], second[:3], end) == ("R", "7 P", "8 F", "")
    assert json.loads(first[3:])["codec"] == "flac"
    assert json.loads(second[3:])["code"] == AudioProblem.EMPTY
    assert done.stderr == b""


def test_worker_keeps_no_descriptor_it_was_started_with():
    """What another thread left open while a worker started is closed before the first file comes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    inner, outer = os.pipe()
    with ours, theirs, open(inner, "rb") as reading:  # noqa: PTH123 - a descriptor
        started = {"stdin": theirs.fileno(), "stdout": subprocess.PIPE, "pass_fds": (outer,)}
        with subprocess.Popen(Limits().command(), **started) as process:
            os.close(outer)
            assert process.stdout.read(2) == b"R\n"
            assert reading.read() == b""
            assert process.poll() is None
            ours.shutdown(socket.SHUT_WR)
        assert process.returncode == 0


def test_start_up_imports_little():
    """A worker imports neither the command line nor a database, for its start is waited for."""
    code = "import sys, tenuto.audio.worker; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True, timeout=20)
    heavy = {"tenuto.cli", "typer", "rich", "duckdb", "pyarrow", "libtorrent", "apsw", "numpy", "asyncio"}
    assert not heavy & set(names.stdout.decode().split())


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def lures(port: int) -> dict[str, bytes]:
    """Write files that ask for a URL or another file, bare and behind the first bytes of audio containers."""
    url = f"http://127.0.0.1:{port}/a"
    texts = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}.ts\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{url}.mp3'\n",
        "local": "#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n",
        "dash": f"<?xml version='1.0'?><MPD><BaseURL>{url}</BaseURL></MPD>",
        "pls": f"[playlist]\nFile1={url}\n",
        "sdp": "v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    }
    fronts = {"": b"", "id3": b"ID3\x04\0\0\0\0\0\0", "ogg": b"OggS\0", "flac": b"fLaC", "mp4": b"\0\0\0\x08ftyp"}
    return {f"{front}{kind}": head + text.encode() for front, head in fronts.items() for kind, text in texts.items()}


def connections(server: socket.socket) -> int:
    """Count the connections that wait to be accepted."""
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_listener_notices_a_connection(listener):
    """The count that the next tests expect to be 0 is 1 where something does connect."""
    socket.create_connection(listener.getsockname()).close()
    assert connections(listener) == 1


def test_playlists_named_like_audio_connect_to_nothing(listener, tmp_path, pool, probe):
    """A2: 150 playlists under audio names, probed in children: failures all, and 0 connections."""
    paths = []
    for suffix in ("mp3", "m4a", "ogg", "flac", "wav"):
        for name, content in lures(listener.getsockname()[1]).items():
            paths.append(tmp_path / f"{name}.{suffix}")
            paths[-1].write_bytes(content)
    answers = list(probe(pool, paths))
    assert len(paths) == 150
    assert all(isinstance(answer, Failure) for answer in answers)
    assert {answer.code for answer in answers} <= {AudioProblem.BROKEN, AudioProblem.UNKNOWN_FORMAT}
    assert connections(listener) == 0


def test_playlists_connect_to_nothing_even_outside_the_sandbox(listener):
    """A2: the forced demuxer and the closed door for nested files suffice by themselves."""
    for name, content in lures(listener.getsockname()[1]).items():
        assert isinstance(probe_stream(BytesIO(content), ".mp3"), Failure), name
    assert connections(listener) == 0


@pytest.mark.parametrize("container", ["mp3", "flac", "ogg", "wav", "aiff", "mp4"])
def test_demuxer_is_the_one_that_was_called_for(listener, container):
    """A2: a playlist handed to the reader itself is bad audio; the playlist demuxers do not come into play."""
    for content in lures(listener.getsockname()[1]).values():
        try:
            found = read_format(BytesIO(content), container)
        except (av.InvalidDataError, av.EOFError):
            continue
        assert found is None or found.flaw
    assert connections(listener) == 0


def test_mp4_that_refers_to_another_file_does_not_open_it(tones, listener):
    """A data reference to a URL is not followed."""
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/a".encode()
    content = tones["m4a"]
    at = content.index(b"url \0\0\0\x01")
    content = content[:at] + b"url \0\0\0\0" + content[at + 8 :]
    assert isinstance(probe_stream(BytesIO(content + url), ".m4a"), Probe | Failure)
    assert connections(listener) == 0


def synchsafe(size: int) -> bytes:
    """Write a size as ID3v2.4 does, seven bits a byte."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def test_memory_limit_makes_a_failure_not_a_dead_worker(tones, tmp_path, probe):
    """A3: a picture that truly has 100 MiB exceeds the memory of a worker: that file fails, the next is probed."""
    big, good, size = tmp_path / "big.mp3", tmp_path / "good.mp3", 100 * 1024**2
    with big.open("wb") as stream:
        stream.write(b"ID3\x04\0\0" + synchsafe(size) + b"APIC" + synchsafe(size - 10) + b"\0\0\0image/png\0\3\0")
        stream.seek(size + 10)
        stream.write(tones["mp3"])
    good.write_bytes(tones["mp3"])
    with ProbePool(workers=1, limits=Limits(seconds=10, memory=400 * 1024**2)) as pool:
        first, second = probe(pool, [big, good])
    assert isinstance(first, Failure)
    assert first.code == AudioProblem.TOO_LARGE
    assert isinstance(second, Probe)
