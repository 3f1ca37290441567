"""The command on a terminal."""

from __future__ import annotations

import os
import select
import subprocess
import time
from typing import Self

from integration.command_apart import COMMAND


class Terminal:
    """Shows the command, which runs in a process of its own; not on Windows, whose terminals are of another kind.

    Args:
        arguments: Those of the command.
        environment: Variables of its process.
    """

    def __init__(self, *arguments: str, environment: dict[str, str]) -> None:
        self._command = [*COMMAND, *arguments]
        self._environment = {**environment, "TERM": "dumb", "COLUMNS": "100"}
        self.said = ""

    def __enter__(self) -> Self:
        import pty

        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            self._command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=self._environment,
            # Or a password would be asked for on the terminal that the tests run on.
            start_new_session=True,
        )
        os.close(theirs)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.wait(10)
        os.close(self._ours)

    def read_until(self, words: str) -> None:
        """Read what it says until these words come."""
        end = time.monotonic() + 30
        while words not in self.said:
            assert self._read(end), f"{words!r} did not come: {self.said}"

    def answer(self, text: str) -> int:
        """Type an answer, and wait for the exit code."""
        os.write(self._ours, f"{text}\n".encode())
        end = time.monotonic() + 30
        while self._read(end):
            pass
        return self._process.wait(10)

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(0, end - time.monotonic()))
        try:
            # At its end Linux says that the terminal is gone, others that there is nothing.
            part = os.read(self._ours, 65_536) if ready else b""
        except OSError:
            part = b""
        self.said += part.decode(errors="replace").replace("\r\n", "\n")
        return bool(part)
