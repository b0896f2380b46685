"""The parser process: open files in by standard input, a socket; answers out by standard output, a line each.

`python -m tenuto.audio.worker SECONDS MEMORY LARGEST`: processor seconds for each file, bytes of memory, bytes of file.
Its first line is R: it is ready.
"""

import gc
import json
import os
import socket
import sys
from typing import BinaryIO

import av
import av.subtitles.stream  # PyAV would look for it when it first meets any stream, and nothing can be opened then

from tenuto.audio.parsers import probe_stream
from tenuto.audio.sandbox import confine, grant_seconds
from tenuto.model.audio import AudioProblem, Failure, Probe
from tenuto.model.document import to_json

__all__ = ["main", "serve"]

_ANSWERS = 3  # the descriptor they go out by
_MOST = 64 * 1024  # bytes of one request


def serve(requests: socket.socket, answers: BinaryIO, seconds: float, largest: int) -> None:
    """Answer every request, a number and a name with an open file, by number, P or F and the document of what it is."""
    while True:
        line, descriptors, _, _ = socket.recv_fds(requests, _MOST, 1)
        if not line:
            return
        grant_seconds(seconds)
        number, name = json.loads(line)
        said = _probe(descriptors[0], name, largest)
        answers.write(f"{number} {'P' if isinstance(said, Probe) else 'F'}{to_json(said)}\n".encode("ascii"))
        answers.flush()


def _probe(descriptor: int, name: str, largest: int) -> Probe | Failure:
    """Probe an open file, which is closed; its size is where it ends, for a confined process has no fstat."""
    with open(descriptor, "rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        if size > largest:
            return Failure(code=AudioProblem.TOO_LARGE, reason=f"its {size} bytes are more than {largest}")
        return probe_stream(stream, os.path.splitext(name)[1].lower())  # noqa: PTH122 - lone surrogates pass unharmed


def main(arguments: list[str]) -> None:
    """Confine this process and serve until standard input ends."""
    seconds, memory, largest = (float(text) for text in arguments)
    os.dup2(1, _ANSWERS)
    silent = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):  # whatever a library prints is not an answer
        os.dup2(silent, descriptor)
    os.closerange(_ANSWERS + 1, os.sysconf("SC_OPEN_MAX"))  # nothing is left but these four
    requests, answers = socket.socket(fileno=0), os.fdopen(_ANSWERS, "wb")
    av.logging.set_level(None)
    confine(int(memory), _ANSWERS)
    gc.freeze()
    answers.write(b"R\n")
    answers.flush()
    serve(requests, answers, seconds, int(largest))


if __name__ == "__main__":
    main(sys.argv[1:])
