"""Who makes the calls: threads of this process, or an executor that the caller brings."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from superoffice_erpsync.batch.kept_clients import in_other_process
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import InvalidRequest

A = TypeVar("A")
R = TypeVar("R")


class Workers:
    """Carries out calls, each with the client.

    An executor that is none of threads gets nothing but functions of modules and plain arguments; the client goes to
    it by reference.

    Args:
        client: Makes the calls.
        count: How many work at the same time.
        executor: The caller's own, which stays open; None for threads of this process.

    Raises:
        InvalidRequest: The number makes no sense.
        ConfigurationError: The client cannot go to another process.
    """

    def __init__(self, client: ErpSyncClient, count: int, executor: Executor | None = None) -> None:
        if count < 1:
            raise InvalidRequest(f"workers must be 1 or more, not {count}")
        self.most = 2 * count
        """How many calls may wait or be under way: enough that nobody waits for the next one."""
        self._client = client
        self._own = None if executor else ThreadPoolExecutor(count, thread_name_prefix="erpsync-resync")
        self._executor: Executor = executor or self._own  # type: ignore[assignment]
        here = isinstance(self._executor, ThreadPoolExecutor)
        self._pickled = None if here else pickle.dumps(client)

    def submit(self, function: Callable[[ErpSyncClient, A], R], argument: A) -> Future[R]:
        """Have a call made.

        Args:
            function: Makes it; a function of a module.
            argument: What it takes beside the client.

        Returns:
            What comes of it. Cancelled where the executor does not take it; failed with BrokenExecutor where nobody
            knows whether it has.
        """
        # Cancelled, it keeps back a call that stands in a queue although its executor failed to take it.
        leave: Future[None] = Future()
        remote: Any = in_other_process
        try:
            if self._pickled is None:
                # What is current for the caller, such as a span of telemetry, is so for the thread.
                return self._executor.submit(copy_context().run, _with_leave, leave, function, self._client, argument)
            return self._executor.submit(remote, function, self._pickled, argument)
        except Exception as problem:
            over: Future[R] = Future()
            # Broken, shut down by whoever owns it, or without another thread or process from the system.
            if isinstance(problem, RuntimeError) and leave.cancel():
                over.cancel()
            else:
                broken = BrokenExecutor(f"a call could not be handed over: {type(problem).__name__}")
                over.set_exception(broken)
            return over

    def close(self) -> None:
        """End the threads, when their calls are over. An executor of the caller is left alone."""
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)


def _with_leave(
    leave: Future[None], function: Callable[[ErpSyncClient, A], R], client: ErpSyncClient, argument: A
) -> R:
    if not leave.set_running_or_notify_cancel():
        raise CancelledError
    return function(client, argument)
