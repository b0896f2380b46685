"""The command line: arguments in, progress and exit codes out; no logic."""

from tenuto.cli.main import main

__all__ = ["main"]
