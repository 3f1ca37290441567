"""A real Chromium without a window, where one is installed."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_PATIENCE_SECONDS = 60


def _command(profile: Path, *options: str) -> list[str]:
    assert CHROMIUM is not None
    return [
        CHROMIUM,
        "--headless",
        "--no-sandbox",  # It refuses to run as root otherwise, which is who runs tests in containers.
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        f"--user-data-dir={profile}",
        *options,
    ]


def run(profile: Path, url: str, *options: str) -> tuple[str, str]:
    """What Chromium writes on its standard output, and what it has to say of the page."""
    done = subprocess.run(
        _command(profile, "--enable-logging=stderr", *options, url),
        capture_output=True,
        check=True,
        encoding="utf-8",
        errors="replace",
        timeout=_PATIENCE_SECONDS,
    )
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, "\n".join(complaints)


def first_pixel(png: bytes) -> tuple[int, int, int]:
    """The colour in the upper left corner, which no filter of PNG changes."""
    data, at = b"", 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    red, green, blue = zlib.decompress(data)[1:4]
    return red, green, blue


class Tab:
    """An open page, steered through a pair of pipes."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to = os.fdopen(to_browser, "wb")
        self._from = os.fdopen(from_browser, "rb")
        self._numbers = itertools.count(1)
        self._session: str | None = None
        self._events: list[str] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def open(self, url: str) -> None:
        """Load a page."""
        self._events.clear()
        self._ask("Page.navigate", url=url)
        self._wait_for("Page.loadEventFired")

    def evaluate(self, script: str) -> Any:
        """What a script in the page gives."""
        return self._ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def leave_by(self, script: str) -> None:
        """Run a script that leads to another page, and wait for that."""
        self._events.clear()
        self.evaluate(script)
        self._wait_for("Page.loadEventFired")

    def resize(self, width: int, height: int) -> None:
        """Make it a phone of that size."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=True)

    def close(self) -> None:
        """End the browser."""
        self._ask("Browser.close", session=None)
        self._to.close()
        self._from.close()

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        session = parameters.pop("session", self._session)
        if session is not None:
            message["sessionId"] = session
        self._to.write(json.dumps(message).encode() + b"\0")
        self._to.flush()
        while True:
            answer = self._next()
            self._events.append(answer.get("method", ""))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _wait_for(self, event: str) -> None:
        while event not in self._events:
            self._events.append(self._next().get("method", ""))

    def _next(self) -> dict[str, Any]:
        text = bytearray()
        while (letter := self._from.read(1)) != b"\0":
            if not letter:
                raise EOFError("the browser is gone")
            text += letter
        return dict(json.loads(text))


@contextmanager
def open_tab(profile: Path) -> Iterator[Tab]:
    """A browser with one page open; not on Windows, where a process inherits no such pipes."""
    browser_reads, we_write = os.pipe()
    we_read, browser_writes = os.pipe()
    # Chromium expects its pipes to be the third and fourth.
    script = f'exec "$@" 3<&{browser_reads} 4>&{browser_writes}'
    process = subprocess.Popen(
        ["/bin/bash", "-c", script, "bash", *_command(profile, "--remote-debugging-pipe")],
        pass_fds=(browser_reads, browser_writes),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(browser_reads)
    os.close(browser_writes)
    try:
        tab = Tab(we_write, we_read)
        yield tab
        tab.close()
    finally:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
