"""The command line: arguments in, progress and exit codes out; no logic."""

import os
import signal
import sys
from types import FrameType

__all__ = ["INTERRUPTED", "main"]

INTERRUPTED = 130
"""Exit code of Ctrl-C."""
_SENTENCE = "Interrupted. What was finished is kept; the same command goes on from there.\n"


def main() -> None:
    """Run the command line and exit; Ctrl-C ends it in one sentence, also while its parts are still being loaded."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # nohup and the like turn it off
    if heard:
        signal.signal(signal.SIGINT, _leave)
    from tenuto.cli.run import run

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        status = run()
    except KeyboardInterrupt:
        status = INTERRUPTED
    if heard:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is left to do is cleaning up, which may be cut short
    if status == INTERRUPTED:
        sys.stderr.write(_SENTENCE)
    sys.exit(status)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the system's signature
    """End at once: nothing has begun, and a library interrupted while loading raises whatever it likes."""
    os.write(2, _SENTENCE.encode())
    os._exit(INTERRUPTED)
