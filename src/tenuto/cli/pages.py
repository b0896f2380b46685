"""Writes docs/cli.md from the commands themselves: `python -m tenuto.cli.pages docs`; a test compares."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from tenuto.cli import INTERRUPTED
from tenuto.cli.program import app
from tenuto.cli.run import BUG, CLOSED, EXIT_CODES

__all__ = ["command_page"]

_HEAD = """\
# The command line

Generated from the commands by `make docs`; a test compares.

    tenuto [--archive DIR] COMMAND … [--json]

The archive is the folder given with `--archive`, else `$TENUTO_ARCHIVE`,
else the nearest folder upwards that holds a `tenuto.toml`.
Without `--json` a command speaks to people: tables on standard output, progress on standard error.
With `--json` standard output holds one JSON document and nothing else;
an error is a document too: `{"error": {"code", "message", "hint", "exit"}}`.
`SOURCE_DATE_EPOCH` stops the clock, so that captures and ledger are the same on every run.
`tenuto --install-completion` sets up completion for your shell.

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
"""


def command_page() -> str:
    """Write the page: exit codes, then every command with its arguments, options and example."""
    meanings: dict[int, list[str]] = {}
    for _, code, meaning in EXIT_CODES:
        meanings.setdefault(code, []).append(meaning)
    meanings[BUG] = ["a mistake in Tenuto itself"]
    meanings[INTERRUPTED] = ["interrupted"]
    meanings[CLOSED] = ["whoever read standard output has gone; nothing is said"]
    rows = "".join(f"| {code} | {'; '.join(said)} |\n" for code, said in sorted(meanings.items()))
    commands = _commands(typer.main.get_command(app), ("tenuto",))
    return _HEAD + rows + "".join(_section(path, command) for path, command in commands)


def _commands(group: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Typer's private classes
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        elif not command.hidden:
            yield " ".join((*path, name)), command


def _section(path: str, command: Any) -> str:  # noqa: ANN401 - Typer's private classes
    text, _, example = (command.help or "").partition("\n\nExample: ")
    shown = [_parameter(one) for one in command.params if one.name != "help"]
    return f"\n## {path}\n\n{text.strip()}\n\n    {example.strip()}\n\n| parameter | |\n|---|---|\n{''.join(shown)}"


def _parameter(one: Any) -> str:  # noqa: ANN401 - Typer's private classes
    if one.param_type_name == "argument":
        name = (one.metavar or one.name).upper() + ("…" if one.nargs == -1 else "")
    else:
        name = ", ".join(one.opts)
    text = (one.help or "").replace("|", "\\|")
    name = name.replace("|", "\\|")
    return f"| `{name}` | {text}{'' if not one.required else ' Required.'} |\n"


if __name__ == "__main__":
    Path(sys.argv[1], "cli.md").write_text(command_page(), "utf-8")
