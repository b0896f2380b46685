"""The engine that linking is handed: linking itself opens no database, no file and no socket."""

import logging
from collections.abc import Sequence
from importlib import resources
from typing import Any, Protocol

from splink import DuckDBAPI

__all__ = ["Engine", "rows", "run_file", "splink_api"]


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


def splink_api(engine: Engine) -> DuckDBAPI:
    """Let Splink work on the engine, in silence."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection: Any = engine  # Splink asks for the class, which linking does not import
    return DuckDBAPI(connection=connection)
