"""A standalone Spark of the pip package on this machine: one master, some workers of one core, nothing but loopback."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyspark

__all__ = ["StandaloneSpark"]

_PATIENCE = 90  # seconds
_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"


class StandaloneSpark:
    """Starts the processes on entering, and ends them by their ids on leaving, whatever happened."""

    def __init__(self, folder: Path, *, workers: int = 2, memory: str = "1g") -> None:
        """Keep logs and scratch in `folder`; each worker has one core and so much memory."""
        self._folder = folder
        self._workers = workers
        self._memory = memory
        self._processes: list[subprocess.Popen[bytes]] = []
        self.master = f"spark://127.0.0.1:{_free_port()}"

    def __enter__(self) -> Self:
        """Start, and wait until every worker is registered."""
        try:
            port = self.master.rpartition(":")[2]
            self._start("master", "master.Master", "--port", port)
            self._wait("master", "Starting Spark master", 1)
            for number in range(self._workers):
                work = str(self._folder / f"work-{number}")
                options = ("--cores", "1", "--memory", self._memory, "--work-dir", work, "--port", str(_free_port()))
                self._start(f"worker-{number}", "worker.Worker", *options, self.master)
            self._wait("master", "Registering worker", self._workers)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes."""
        self._end()

    def ids(self) -> list[int]:
        """Give the ids of the processes: each leads a session of its own."""
        return [process.pid for process in self._processes]

    def _start(self, name: str, what: str, *options: str) -> None:
        # a test run that is killed takes its cluster along
        command = [
            "setpriv",
            "--pdeathsig",
            "KILL",
            str(_CLASS),
            f"org.apache.spark.deploy.{what}",
            "--host",
            "127.0.0.1",
        ]
        local = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(self._folder / "local")}
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--webui-port", str(_free_port()), *options],
                stdout=log,
                stderr=log,
                env=os.environ | local,
                start_new_session=True,  # executors are in their worker's group
            )
        self._processes.append(process)

    def _wait(self, name: str, sign: str, times: int) -> None:
        log, until = self._folder / f"{name}.log", time.monotonic() + _PATIENCE
        while log.read_text("utf-8", "replace").count(sign) < times:
            ended = [process.args for process in self._processes if process.poll() is not None]
            if ended or time.monotonic() > until:
                raise RuntimeError(f"Spark did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.2)

    def _end(self) -> None:
        for process in reversed(self._processes):
            _signal(process, signal.SIGTERM)
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            _signal(process, signal.SIGKILL)
            process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a process and its children; they may be gone."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
