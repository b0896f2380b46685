"""The parser process: paths in by standard input, answers out by standard output, one line of ASCII JSON each.

`python -m tenuto.audio.worker SECONDS MEMORY LARGEST`: processor seconds for each file, bytes of memory, bytes of file.
Its first line is R: it is ready.
"""

import gc
import json
import os
import sys
from typing import BinaryIO

import av

from tenuto.audio.parsers import probe_file
from tenuto.audio.sandbox import confine, grant_seconds
from tenuto.model.audio import Probe
from tenuto.model.document import to_json

__all__ = ["main", "serve"]


def serve(paths: BinaryIO, answers: BinaryIO, seconds: float, largest: int) -> None:
    """Answer every line of `paths`, a number and a path, by the number, P or F and the document of what it is."""
    for line in paths:
        grant_seconds(seconds)
        number, path = json.loads(line)
        said = probe_file(path, largest)
        answers.write(f"{number} {'P' if isinstance(said, Probe) else 'F'}{to_json(said)}\n".encode("ascii"))
        answers.flush()


def main(arguments: list[str]) -> None:
    """Confine this process and serve until standard input ends."""
    seconds, memory, largest = (float(text) for text in arguments)
    answers = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):  # whatever a library prints is not an answer
        os.dup2(silent, descriptor)
    av.logging.set_level(None)
    confine(int(memory))
    gc.freeze()
    answers.write(b"R\n")
    answers.flush()
    serve(sys.stdin.buffer, answers, seconds, int(largest))


if __name__ == "__main__":
    main(sys.argv[1:])
