"""Foreign SOAP stacks as processes of their own: found, started on a free port of this machine, always stopped."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.wsdl_files import wsdl_file

HERE = Path(__file__).parent
PATIENCE = 20.0


@dataclass(frozen=True)
class ForeignServer:
    """A running server.

    Attributes:
        url: Where its `.svc` files lie.
        seen_file: Gets a line of JSON for every call.
    """

    url: str
    seen_file: Path

    @property
    def seen(self) -> list[dict[str, Any]]:
        """What it saw, oldest first."""
        return [json.loads(line) for line in self.seen_file.read_text(encoding="utf-8").splitlines()]


def tool(name: str) -> str:
    """Path of a program; skips where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def node_modules() -> Path:
    """The folder that node-soap lies in; skips where there is none."""
    stated = os.environ.get("ERPSYNC_NODE_MODULES")
    places = [Path(stated)] if stated else [folder / "node_modules" for folder in HERE.parents]
    for place in places:
        if (place / "soap" / "package.json").is_file():
            return place
    pytest.skip("node-soap is not installed: npm install soap, and name its node_modules in ERPSYNC_NODE_MODULES")


def attempt(command: Sequence[str | Path]) -> str:
    """All that a program says, whether it succeeds or not."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False, encoding="utf-8"
    )
    return done.stdout


def run(command: Sequence[str | Path], **environment: str) -> str:
    """What a program prints; fails with what it complains about."""
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, timeout=PATIENCE, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def serving(
    command: Sequence[str | Path], folder: Path, port: int, environment: Mapping[str, str] | None = None
) -> Iterator[ForeignServer]:
    """Run a server for as long as the context lasts.

    Args:
        command: Starts it. It gets WSDL_FOLDER, SEEN and PORT in its environment.
        folder: For its files.
        port: Where it will listen.
        environment: More variables.
    """
    seen, log = folder / "seen.jsonl", folder / "log.txt"
    seen.touch()
    ours = {"WSDL_FOLDER": str(wsdl_file("ErpSync", "Services86").parent), "SEEN": str(seen), "PORT": str(port)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env={**os.environ, **ours, **(environment or {})}, stdout=output, stderr=output
        )
        try:
            _wait_for(process, port, log)
            yield ForeignServer(f"http://127.0.0.1:{port}/Remote/Services86", seen)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the foreign server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
