"""Progress: how a stage tells what it does without knowing who listens."""

from typing import Protocol

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Receives a stage's progress; the command line draws it."""

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin `stage`, of `total` units (None: unknown); unit is `files` or `bytes`."""

    def advance(self, amount: int) -> None:
        """Tell that `amount` more units are done."""

    def note(self, text: str) -> None:
        """Say one sentence to the person."""

    def finish(self) -> None:
        """End the stage begun last."""


class Silent:
    """A listener that does not care."""

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Ignore it."""

    def advance(self, amount: int) -> None:
        """Ignore it."""

    def note(self, text: str) -> None:
        """Ignore it."""

    def finish(self) -> None:
        """Ignore it."""
