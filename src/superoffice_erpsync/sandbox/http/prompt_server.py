"""uvicorn's server, which here says when it is up and ends as soon as it is told to.

uvicorn looks ten times a second whether it should end, and waits a tenth of a second more for connections that close at
once: too long where each test has a server of its own.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import Any, Final

import uvicorn

_TICK_SECONDS: Final = 1.0
"""Between two looks at the clock for the header Date, which counts in seconds."""
_LOOK_SECONDS: Final = 0.005
"""Between two looks whether the last connection has closed; uvicorn tells nobody."""


class PromptServer(uvicorn.Server):
    """Serves until `end` is called."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()
        """Set when requests are answered, or never will be."""
        self._told: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """Let running answers finish and end; from any thread."""
        self.should_exit = True
        if self._loop is not None and self._told is not None:
            # A loop that is closed has nothing left to end.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._told.set)

    async def startup(self, sockets: list[Any] | None = None) -> None:
        self._told = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        assert self._told is not None
        # Of a tick's number uvicorn only asks whether it is a multiple of ten.
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _TICK_SECONDS)

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        await self._accept_no_more()
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()

    async def _accept_no_more(self) -> None:
        """Return when whoever was let in is among the connections; asyncio would lose those it is just letting in."""
        loop = asyncio.get_running_loop()
        # Windows' loop cannot be asked for this.
        with suppress(NotImplementedError):
            for server in self.servers:
                for listener in server.sockets:
                    loop.remove_reader(listener.fileno())
        await asyncio.sleep(_LOOK_SECONDS)
