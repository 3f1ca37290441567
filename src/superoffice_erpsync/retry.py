"""When a call is made again: where that cannot do harm, and within bounds. It loads with the first call that fails.

What may be repeated follows from the operation's nature and from what is known about the attempt:

    known about the attempt                      read   repeatable write        write
    not sent, the network failed                 yes    yes                     yes
    429 or 503 with Retry-After                  yes    yes                     yes
    429 or 503 without                           yes    no                      no
    answer lost, the server may have acted       yes    with repeat_unknown     never
    answered otherwise, or not understood        no     no                      no
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from superoffice_erpsync.errors import (
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.operations import Nature, Operation
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.process import forks

T = TypeVar("T")

_log = logging.getLogger("superoffice_erpsync.retry")

_REFILL = 0.2
"""What a call that went well gives back to the budget: one repeat for five of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often and how patiently a client makes calls again.

    Attributes:
        attempts: Most attempts at one call, the first included.
        wait: Seconds to wait before the second attempt; twice as long before each further one, with jitter.
        longest_wait: Most seconds to wait before an attempt. Where a server asks for more by Retry-After, the call
            fails at once; what else it asks for is waited, with up to a second of jitter.
        budget: Repeats that all calls of a client have together; five calls that go well earn one. A server that is
            down is not hammered.

    Raises:
        ConfigurationError: A number makes no sense.
    """

    attempts: int = 4
    wait: float = 0.5
    longest_wait: float = 60.0
    budget: int = 20

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.budget < 0 or not 0 <= self.wait <= self.longest_wait:
            raise ConfigurationError(
                f"{self!r} makes no sense", hint="attempts from 1, budget from 0, wait from 0 to longest_wait"
            )


class Repeats:
    """The attempts at one call after the first has failed."""

    def __init__(
        self, operation: Operation[Any], nature: Nature, options: EffectiveOptions, policy: Retry, budget: Budget
    ) -> None:
        self._operation = operation
        self._nature = nature
        self._options = options
        self._policy = policy
        self._budget = budget
        left = options.deadline.left()
        # A wait must leave time for the attempt after it.
        self._longest = policy.longest_wait if left is None else max(0.0, min(policy.longest_wait, left / 4))
        self._attempts = 0
        self._lost = False

    def run(self, first: ErpSyncError, once: Callable[[], T]) -> T:
        """Make the call again until it goes well, or must not or cannot be repeated any more.

        Args:
            first: How the first attempt failed.
            once: Makes one attempt.

        Raises:
            ErpSyncError: The last attempt's, with the number of attempts and what the earlier ones leave open.
        """
        # Loaded when something has failed: it takes longer than a call.
        import stamina

        failed: ErpSyncError | None = first
        try:
            for attempt in stamina.retry_context(
                on=self._hook,
                attempts=self._policy.attempts,
                timeout=None,  # the hook knows the deadline
                wait_initial=min(self._policy.wait, self._longest),
                wait_max=self._longest,
                wait_jitter=min(self._policy.wait, self._longest),
            ):
                with attempt:
                    if failed is not None:
                        # Told to stamina as if it had happened here, so that it waits before the second attempt.
                        problem, failed = failed, None
                        raise problem
                    return once()
        except ErpSyncError as error:
            # A program can switch stamina off: then it asks nobody about the first failure either.
            error.attempts = max(self._attempts, 1)
            if self._lost and error.outcome is not Outcome.UNKNOWN:
                # Whatever failed since, also on the way to it: the doubt is about this call.
                error.operation = self._operation.wire
                error.message += "; the answer to an earlier attempt was lost, and the server may have acted on that"
                error.args = (error.message,)
                error.outcome, error.can_repeat = Outcome.UNKNOWN, False
            raise
        raise AssertionError("stamina ends by a result or an error")

    def wait_after(self, error: ErpSyncError) -> bool | float:
        """Whether the call may be made again after an attempt has failed: False, True, or after how many seconds."""
        seconds = error.retry_after if isinstance(error, ServerFault) else None
        if not self._is_safe(error, asked_to_wait=seconds is not None):
            return False
        if seconds is None:
            return self._options.deadline.allows(self._longest)
        if seconds > self._policy.longest_wait:
            return False
        # All who were sent away with the same number would come back at once.
        wait = seconds + random.uniform(0, min(1.0, self._longest))  # noqa: S311
        return wait if self._options.deadline.allows(wait) else False

    def _is_safe(self, error: ErpSyncError, *, asked_to_wait: bool) -> bool:
        nature = self._nature
        if error.operation not in (None, self._operation.wire):
            # A login, or a WSDL, on the way to the call, which itself has not left.
            nature = Nature.READ
        if error.outcome is not Outcome.UNKNOWN:
            return error.can_repeat and (error.outcome is Outcome.NOT_SENT or asked_to_wait or nature is Nature.READ)
        # An answer that came and makes no sense will make none the next time.
        if not isinstance(error, TransportError | ServerFault):
            return False
        return nature is Nature.READ or (self._options.repeat_unknown and nature is Nature.REPEATABLE_WRITE)

    def _hook(self, error: Exception) -> bool | float:
        self._attempts += 1
        if not isinstance(error, ErpSyncError):
            return False
        own = error.operation in (None, self._operation.wire)
        self._lost |= own and error.outcome is Outcome.UNKNOWN and self._nature is not Nature.READ
        wait = self.wait_after(error)
        if wait is False or self._attempts >= self._policy.attempts or not self._budget.pay():
            return False
        facts = {"operation": error.operation, "outcome": str(error.outcome), "attempt": self._attempts}
        _log.info("%s; attempt %d of at most %d follows", error, self._attempts + 1, self._policy.attempts, extra=facts)
        return wait


class Budget:
    """Repeats that all calls of a client have together."""

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._left = float(most)
        self._lock = threading.Lock()
        forks.watch(self)

    def earn(self) -> None:
        """A call went well."""
        if self._left < self._most:
            with self._lock:
                self._left = min(self._most, self._left + _REFILL)

    def pay(self) -> bool:
        """Take one repeat, if there is one left."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def after_fork(self) -> None:
        """A lock that nobody holds, see `forks`."""
        self._lock = threading.Lock()
