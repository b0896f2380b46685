"""The engine that linking is handed: linking itself opens no database, no file and no socket."""

from collections.abc import Sequence
from importlib import resources
from typing import Any, Protocol

__all__ = ["Engine", "rows", "run_file"]


class Engine(Protocol):
    """What is asked of a DuckDB connection."""

    def execute(self, query: str, parameters: object = None) -> Any:  # noqa: ANN401 - the engine's own result
        """Run statements; the last one's result is fetched by `fetchall`."""


def rows(engine: Engine, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a query and give all its rows."""
    found: list[tuple[Any, ...]] = engine.execute(query, list(parameters)).fetchall()
    return found


def run_file(engine: Engine, name: str) -> None:
    """Run the statements of one of the package's SQL files."""
    engine.execute(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
