"""A transport around a transport: has calls made again where that is safe, and tells the log what came of each."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from superoffice_erpsync.errors import ErpSyncError, InvalidRequest, Outcome, ServerFault, TransportError
from superoffice_erpsync.operations import Nature, Operation
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.transports.base import Transport, TransportAround

if TYPE_CHECKING:
    from superoffice_erpsync.retry import Budget, Repeats, Retry

T = TypeVar("T")

_calls = logging.getLogger("superoffice_erpsync.calls")

_BUDGET = "budget"


class RetryingTransport(TransportAround):
    """Repeats the calls of another transport where that is safe.

    Args:
        inner: Makes the calls.
        policy: How often; None for never.
    """

    def __init__(self, inner: Transport, policy: Retry | Literal["usual"] | None) -> None:
        super().__init__(inner)
        self._policy = policy
        self._budgets: dict[str, Budget] = {}

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Carry out an operation, see `Transport.call`."""
        if not _calls.isEnabledFor(logging.INFO):
            return self._call(operation, arguments, options)
        started = time.monotonic()
        try:
            result = self._call(operation, arguments, options)
        except ErpSyncError as error:
            facts = {"outcome": str(error.outcome), "error": type(error).__name__, "attempt": error.attempts}
            _tell(operation.wire, time.monotonic() - started, facts)
            raise
        _tell(operation.wire, time.monotonic() - started, {"outcome": "answered"})
        return result

    def _call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        nature = operation.nature_of(arguments)
        if options.repeat_unknown and nature is Nature.WRITE:
            raise InvalidRequest(
                "repeat_unknown is not for this operation: done twice, it is not the same as done once",
                operation=operation.wire,
            )
        once = partial(self._once, operation, arguments, options)
        try:
            result = once()
        except ErpSyncError as error:
            if self._policy is None:
                raise
            repeats = self._repeats(operation, nature, options, self._policy)
            if repeats.wait_after(error) is False:
                raise
            first = error
        else:
            self._earn()
            return result
        result = repeats.run(first, once)
        self._earn()
        return result

    def _repeats(
        self, operation: Operation[T], nature: Nature, options: EffectiveOptions, policy: Retry | Literal["usual"]
    ) -> Repeats:
        from superoffice_erpsync.retry import Budget, Repeats, Retry  # noqa: PLC0415 - a start does without them

        policy = Retry() if policy == "usual" else policy
        # Threads whose calls are the first to fail, at once, get the same one by this.
        budget = self._budgets.setdefault(_BUDGET, Budget(policy.budget))
        return Repeats(operation, nature, options, policy, budget)

    def _earn(self) -> None:
        if self._budgets:
            self._budgets[_BUDGET].earn()

    def _once(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        try:
            return self._inner.call(operation, arguments, options)
        except ErpSyncError as error:
            # Rooms below that serve many operations, such as the tickets', know none.
            error.operation = error.operation or operation.wire
            if error.operation != operation.wire and error.outcome is Outcome.UNKNOWN:
                # A login, or a WSDL, on the way to the call, which itself has not left.
                error.outcome = Outcome.NOT_SENT
                error.can_repeat |= isinstance(error, TransportError | ServerFault)
            raise


def _tell(operation: str, seconds: float, facts: dict[str, Any]) -> None:
    what = " ".join(str(facts[name]) for name in ("error", "outcome") if name in facts)
    told = {"operation": operation, "seconds": round(seconds, 3), **facts}
    _calls.info("%s: %s, %.3f s", operation, what, seconds, extra=told)
