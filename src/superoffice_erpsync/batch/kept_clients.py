"""Clients that came to a worker process by reference, kept there: each new one would log in."""

from __future__ import annotations

import atexit
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.process.forks import watch

A = TypeVar("A")
R = TypeVar("R")


@dataclass(slots=True)
class _Kept:
    client: ErpSyncClient
    users: int = 0


class KeptClients:
    """Clients by what they were pickled as, which holds references to secrets and no secret.

    Args:
        most: How many are kept; beyond that those are closed that were not used for longest, and are not in use.
    """

    def __init__(self, most: int = 2) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._lock = Lock()
        watch(self)

    @contextmanager
    def lend(self, pickled: bytes) -> Iterator[ErpSyncClient]:
        """The client that was pickled so, the same for all threads of this process.

        Args:
            pickled: From the coordinator, over the executor's own channel.

        Raises:
            ConfigurationError: It cannot work in this process.
        """
        with self._lock:
            kept = self._kept.get(pickled) or self._new(pickled)
            kept.users += 1
            self._kept.move_to_end(pickled)
            self._close_beyond(self._most)
        try:
            yield kept.client
        finally:
            with self._lock:
                kept.users -= 1
                self._close_beyond(self._most)

    def close(self) -> None:
        """Close all that are not in use."""
        with self._lock:
            self._close_beyond(0)

    def after_fork(self) -> None:
        """Free what the threads held that are not in this process. The clients see to themselves."""
        self._lock = Lock()
        for kept in self._kept.values():
            kept.users = 0

    def _new(self, pickled: bytes) -> _Kept:
        if not self._kept:
            atexit.unregister(self.close)
            atexit.register(self.close)
        kept = _Kept(pickle.loads(pickled))  # noqa: S301 # see `lend`
        self._kept[pickled] = kept
        return kept

    def _close_beyond(self, most: int) -> None:
        unused = [pickled for pickled, kept in self._kept.items() if not kept.users]
        for pickled in unused[: max(0, len(self._kept) - most)]:
            self._kept.pop(pickled).client.close()


_KEPT = KeptClients()
"""Of the worker process: chunks come to it one by one, with nothing that lives between them."""


def in_other_process(function: Callable[[ErpSyncClient, A], R], pickled: bytes, argument: A) -> R:
    """Call a function with a client that came by reference, and the one argument that it takes beside it."""
    with _KEPT.lend(pickled) as client:
        return function(client, argument)
