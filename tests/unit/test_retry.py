"""What is made again and what is not: by the operation's nature, by what is known, and within bounds."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import stamina  # noqa: F401 # so that no test pays for loading it out of its own time

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationNotAvailable,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
    TransportError,
)
from superoffice_erpsync.models import ErpConnection
from superoffice_erpsync.operations import OPERATIONS, Nature, Operation
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.retry import Retry
from superoffice_erpsync.transports.repeating import RetryingTransport

NOT_SENT, REJECTED, UNKNOWN = Outcome.NOT_SENT, Outcome.REJECTED, Outcome.UNKNOWN
QUICK = Retry(wait=0.001, longest_wait=0.004)
READ, REPEATABLE, WRITE = (
    OPERATIONS[name] for name in ("GetEngineStatus", "ForceSyncAll", "ToggleErpConnectionActive")
)
LOGIN = "AuthenticateUsernamePassword"

Making = Callable[[str], ErpSyncError]
"""Makes an error of an operation, a new one for each attempt."""


class Scripted:
    """A transport that gives one result after the other; the last of them for good."""

    def __init__(self, *results: Any) -> None:
        self.results = list(results)
        self.moments: list[float] = []
        self.closed = 0

    @property
    def attempts(self) -> int:
        return len(self.moments)

    def call(self, operation: Operation[Any], arguments: Mapping[str, Any], options: EffectiveOptions) -> Any:
        self.moments.append(time.monotonic())
        result = self.results.pop(0) if len(self.results) > 1 else self.results[0]
        if callable(result):
            raise result(operation.wire)
        return result

    def close(self) -> None:
        self.closed += 1


def options(*, repeat_unknown: bool = False, seconds: float | None = None) -> EffectiveOptions:
    return EffectiveOptions(
        connect_timeout=None, read_timeout=None, deadline=Deadline.after(seconds), repeat_unknown=repeat_unknown
    )


def error_of(transport: RetryingTransport, operation: Operation[Any], how: EffectiveOptions | None = None) -> Any:
    with pytest.raises(ErpSyncError) as caught:
        transport.call(operation, {}, how or options())
    return caught.value


def fault(status: int, retry_after: float | None = None, outcome: Outcome = REJECTED, again: bool = True) -> Making:
    def make(operation: str) -> ServerFault:
        error = ServerFault("busy", operation=operation, status=status, outcome=outcome, can_repeat=again)
        error.retry_after = retry_after
        return error

    return make


def failure(kind: type[ErpSyncError], outcome: Outcome, again: bool = False) -> Making:
    return lambda operation: kind("it failed", operation=operation, outcome=outcome, can_repeat=again)


UNREACHED = failure(TransportError, NOT_SENT, True)
LOST = failure(TransportError, UNKNOWN)

# -- the table ---------------------------------------------------------------------------------------------------------

ALWAYS = (True, True, True, True)
READS = (True, False, False, False)
WITH_LEAVE = (True, False, True, False)
NEVER = (False, False, False, False)

KNOWN: dict[str, tuple[Making, tuple[bool, ...]]] = {
    "unreached": (UNREACHED, ALWAYS),
    "not connected in time": (failure(RequestTimeout, NOT_SENT, True), ALWAYS),
    "handshake cut off": (failure(TlsError, NOT_SENT, True), ALWAYS),
    "429 with Retry-After": (fault(429, 0.0), ALWAYS),
    "503 with Retry-After": (fault(503, 0.001), ALWAYS),
    "429 without": (fault(429), READS),
    "503 without": (fault(503), READS),
    "answer lost": (LOST, WITH_LEAVE),
    "no answer in time": (failure(RequestTimeout, UNKNOWN), WITH_LEAVE),
    "TLS lost within the answer": (failure(TlsError, UNKNOWN), WITH_LEAVE),
    "502 of a gateway": (fault(502, None, UNKNOWN, False), WITH_LEAVE),
    "504 with Retry-After": (fault(504, 0.0, UNKNOWN, False), WITH_LEAVE),
    "answer not understood": (failure(ProtocolError, UNKNOWN), NEVER),
    "fault": (fault(500, None, REJECTED, False), NEVER),
    "fault with Retry-After": (fault(500, 0.0, REJECTED, False), NEVER),
    "certificate not trusted": (failure(TlsError, NOT_SENT), NEVER),
    "proxy wants a login": (failure(TransportError, NOT_SENT), NEVER),
    "login refused": (failure(AuthenticationError, REJECTED), NEVER),
    "redirected": (failure(ConfigurationError, REJECTED), NEVER),
    "cannot be sent": (failure(InvalidRequest, NOT_SENT), NEVER),
    "not there": (failure(OperationNotAvailable, NOT_SENT), NEVER),
}
CASES: list[tuple[Operation[Any], bool]] = [(READ, False), (REPEATABLE, False), (REPEATABLE, True), (WRITE, False)]


def test_the_operations_of_these_tests_have_the_natures_that_they_stand_for() -> None:
    assert [one.nature for one in (READ, REPEATABLE, WRITE)] == [Nature.READ, Nature.REPEATABLE_WRITE, Nature.WRITE]


@pytest.mark.parametrize("case", range(4), ids=["read", "repeatable write", "repeatable write, with leave", "write"])
@pytest.mark.parametrize("known", KNOWN)
def test_nature_and_what_is_known_decide(known: str, case: int) -> None:
    make, repeated = KNOWN[known]
    operation, repeat_unknown = CASES[case]
    inner = Scripted(make, "well")
    transport = RetryingTransport(inner, QUICK)
    if repeated[case]:
        assert transport.call(operation, {}, options(repeat_unknown=repeat_unknown)) == "well"
        assert inner.attempts == 2
    else:
        error = error_of(transport, operation, options(repeat_unknown=repeat_unknown))
        assert (inner.attempts, error.attempts) == (1, 1)
        assert str(error) == str(make(operation.wire))


def test_a_read_may_be_repeated_with_leave_as_without() -> None:
    inner = Scripted(LOST, "well")
    assert RetryingTransport(inner, QUICK).call(READ, {}, options(repeat_unknown=True)) == "well"


@pytest.mark.parametrize("policy", [QUICK, None])
def test_leave_to_repeat_is_refused_where_twice_is_not_once(policy: Retry | None) -> None:
    inner = Scripted("well")
    error = error_of(RetryingTransport(inner, policy), WRITE, options(repeat_unknown=True))
    assert (type(error), error.operation, error.outcome) == (InvalidRequest, WRITE.wire, NOT_SENT)
    assert inner.attempts == 0


def test_the_arguments_say_whether_saving_can_be_repeated() -> None:
    saving, leave = OPERATIONS["SaveConnection"], options(repeat_unknown=True)
    inner = Scripted(LOST, "well")
    transport = RetryingTransport(inner, QUICK)
    assert transport.call(saving, {"connection": ErpConnection(erp_connection_id=7)}, leave) == "well"
    with pytest.raises(InvalidRequest):
        transport.call(saving, {"connection": ErpConnection(erp_connection_id=0)}, leave)
    assert inner.attempts == 2


# -- what happens on the way to the call -------------------------------------------------------------------------------


@pytest.mark.parametrize("known", KNOWN)
def test_a_login_on_the_way_of_a_write_is_repeated_like_a_read(known: str) -> None:
    make, repeated = KNOWN[known]
    inner = Scripted(lambda _: make(LOGIN), "well")
    transport = RetryingTransport(inner, QUICK)
    if repeated[0]:
        assert transport.call(WRITE, {}, options()) == "well"
    else:
        assert error_of(transport, WRITE).operation == LOGIN
    assert inner.attempts == 1 + repeated[0]


def test_an_error_that_names_no_operation_counts_as_the_calls_own() -> None:
    inner = Scripted(lambda _: TransportError("lost", outcome=UNKNOWN), "well")
    error_of(RetryingTransport(inner, QUICK), WRITE)
    assert inner.attempts == 1


def test_a_lost_login_leaves_no_doubt_about_the_call() -> None:
    inner = Scripted(lambda _: LOST(LOGIN), UNREACHED)
    error = error_of(RetryingTransport(inner, QUICK), WRITE)
    assert (error.outcome, error.attempts) == (NOT_SENT, 4)
    assert "earlier attempt" not in str(error)


def test_what_is_unknown_of_a_login_is_known_of_the_call_which_has_not_left() -> None:
    for make, policy in ((LOST, QUICK), (LOST, None), (failure(ProtocolError, UNKNOWN), QUICK)):
        error = error_of(RetryingTransport(Scripted(lambda _, make=make: make(LOGIN)), policy), WRITE)
        assert (error.operation, error.outcome) == (LOGIN, NOT_SENT)
        assert error.can_repeat is (make is LOST)


# -- what is left open -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "last",
    [UNREACHED, fault(503, 0.0), fault(500, None, REJECTED, False)],
    ids=["unreached", "busy", "fault"],
)
def test_a_lost_answer_is_not_forgotten_when_a_later_attempt_fails_in_another_way(last: Making) -> None:
    inner = Scripted(LOST, last)
    error = error_of(RetryingTransport(inner, QUICK), REPEATABLE, options(repeat_unknown=True))
    assert error.outcome is UNKNOWN
    assert not error.can_repeat
    assert "the answer to an earlier attempt was lost" in str(error)
    assert "the answer to an earlier attempt was lost" in repr(error)
    assert (error.operation, error.attempts) == (REPEATABLE.wire, inner.attempts)


@pytest.mark.parametrize("last", [LOST, UNREACHED, failure(AuthenticationError, REJECTED)])
def test_nor_when_it_is_the_login_that_fails_later(last: Making) -> None:
    inner = Scripted(LOST, lambda _: last(LOGIN))
    error = error_of(RetryingTransport(inner, QUICK), REPEATABLE, options(repeat_unknown=True))
    assert (error.operation, error.outcome, error.can_repeat) == (REPEATABLE.wire, UNKNOWN, False)
    assert str(error).count("the answer to an earlier attempt was lost") == 1


def test_a_lost_answer_is_told_once_when_the_last_one_is_lost_too() -> None:
    error = error_of(RetryingTransport(Scripted(LOST), QUICK), REPEATABLE, options(repeat_unknown=True))
    assert (error.outcome, error.attempts, error.message) == (UNKNOWN, 4, "it failed")


def test_a_read_that_was_lost_leaves_nothing_open() -> None:
    error = error_of(RetryingTransport(Scripted(LOST, UNREACHED), QUICK), READ)
    assert (error.outcome, error.can_repeat, error.message) == (NOT_SENT, True, "it failed")


# -- bounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_attempts_have_an_end(attempts: int) -> None:
    inner = Scripted(UNREACHED)
    error = error_of(RetryingTransport(inner, Retry(attempts=attempts, wait=0.001, longest_wait=0.002)), READ)
    assert (inner.attempts, error.attempts) == (attempts, attempts)


def test_without_a_policy_nothing_is_repeated() -> None:
    inner = Scripted(UNREACHED)
    assert error_of(RetryingTransport(inner, None), READ).attempts == 1
    assert inner.attempts == 1


def test_the_calls_of_a_client_share_a_budget_that_good_calls_refill() -> None:
    inner = Scripted(UNREACHED)
    transport = RetryingTransport(inner, Retry(attempts=4, budget=4, wait=0.001, longest_wait=0.002))
    assert [error_of(transport, READ).attempts for _ in range(4)] == [4, 2, 1, 1]
    inner.results = ["well"]
    for _ in range(5):
        transport.call(READ, {}, options())
    inner.results = [UNREACHED]
    assert [error_of(transport, READ).attempts for _ in range(2)] == [2, 1]


def test_a_budget_does_not_grow_beyond_what_it_was() -> None:
    inner = Scripted("well")
    transport = RetryingTransport(inner, Retry(attempts=9, budget=2, wait=0.001, longest_wait=0.002))
    for _ in range(50):
        transport.call(READ, {}, options())
    inner.results = [UNREACHED]
    assert error_of(transport, READ).attempts == 3


def test_what_cannot_be_repeated_costs_nothing() -> None:
    inner = Scripted(LOST)
    transport = RetryingTransport(inner, Retry(budget=1, wait=0.001, longest_wait=0.002))
    for _ in range(3):
        error_of(transport, WRITE)
    inner.results = [UNREACHED, "well"]
    assert transport.call(WRITE, {}, options()) == "well"


def test_threads_share_the_budget_to_the_last_repeat() -> None:
    inner = Scripted(UNREACHED)
    transport = RetryingTransport(inner, Retry(attempts=9, budget=10, wait=0, longest_wait=0.001))
    threads = [threading.Thread(target=error_of, args=(transport, READ)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inner.attempts == 8 + 10


def test_waits_grow_from_one_attempt_to_the_next() -> None:
    inner = Scripted(UNREACHED)
    error_of(RetryingTransport(inner, Retry(attempts=4, wait=0.02, longest_wait=0.05)), READ)
    waits = [after - before for before, after in zip(inner.moments, inner.moments[1:], strict=False)]
    assert waits[0] >= 0.02
    assert waits[1] >= 0.04
    assert waits[2] >= 0.05
    assert sum(waits) < 1


def test_a_wait_without_an_upper_limit_is_no_problem() -> None:
    inner = Scripted(UNREACHED, "well")
    transport = RetryingTransport(inner, Retry(wait=0.001, longest_wait=math.inf))
    assert transport.call(READ, {}, options()) == "well"


def test_a_deadline_ends_the_attempts_whatever_the_policy() -> None:
    inner = Scripted(UNREACHED)
    started = time.monotonic()
    error = error_of(
        RetryingTransport(inner, Retry(attempts=99, wait=0.001, longest_wait=30)), READ, options(seconds=0.2)
    )
    assert error.attempts == inner.attempts > 1
    assert time.monotonic() - started < 0.2 + 0.2


def test_long_waits_are_cut_to_fit_the_deadline() -> None:
    inner = Scripted(UNREACHED, "well")
    started = time.monotonic()
    assert RetryingTransport(inner, Retry(wait=30, longest_wait=60)).call(READ, {}, options(seconds=0.4)) == "well"
    assert time.monotonic() - started < 0.4


@pytest.mark.parametrize("seconds", [0.0, -1.0])
def test_a_deadline_that_has_passed_leaves_nothing_to_repeat(seconds: float) -> None:
    inner = Scripted(UNREACHED)
    error_of(RetryingTransport(inner, QUICK), READ, options(seconds=seconds))
    assert inner.attempts == 1


# -- Retry-After -------------------------------------------------------------------------------------------------------


def test_a_server_that_says_when_to_come_back_is_not_asked_earlier() -> None:
    inner = Scripted(fault(503, 0.06), fault(429, 0.03), "well")
    assert RetryingTransport(inner, Retry(wait=0.001, longest_wait=0.1)).call(WRITE, {}, options()) == "well"
    first, second, third = inner.moments
    assert second - first >= 0.06
    assert third - second >= 0.03


@pytest.mark.parametrize(
    ("retry_after", "longest_wait", "seconds"),
    [
        pytest.param(9.0, 0.05, None, id="longer than the user would wait"),
        pytest.param(9.0, 60.0, 5.0, id="beyond the deadline"),
        pytest.param(1e9, 60.0, None, id="years"),
        pytest.param(math.inf, 60.0, None, id="for ever"),
    ],
)
@pytest.mark.parametrize("operation", [READ, WRITE], ids=["read", "write"])
def test_a_server_that_asks_for_too_much_is_not_asked_again(
    operation: Operation[Any], retry_after: float, longest_wait: float, seconds: float | None
) -> None:
    inner = Scripted(fault(503, retry_after))
    transport = RetryingTransport(inner, Retry(wait=0.001, longest_wait=longest_wait))
    started = time.monotonic()
    error = error_of(transport, operation, options(seconds=seconds))
    assert time.monotonic() - started < 1
    assert (inner.attempts, error.retry_after, error.can_repeat) == (1, retry_after, True)


def test_a_server_that_asks_for_too_much_later_ends_it_too() -> None:
    inner = Scripted(UNREACHED, fault(503, 9.0))
    error = error_of(RetryingTransport(inner, QUICK), WRITE)
    assert (inner.attempts, error.attempts, error.retry_after) == (2, 2, 9.0)


# -- the rest ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [KeyError, KeyboardInterrupt])
def test_other_exceptions_pass_through_at_any_attempt(kind: type[BaseException]) -> None:
    for results in ([lambda _: kind()], [UNREACHED, lambda _: kind()]):
        inner = Scripted(*results)
        with pytest.raises(kind):
            RetryingTransport(inner, QUICK).call(READ, {}, options())
        assert inner.attempts == len(results)


def test_closing_closes_what_is_inside() -> None:
    inner = Scripted("well")
    RetryingTransport(inner, QUICK).close()
    assert inner.closed == 1


@pytest.mark.parametrize(
    "numbers",
    [
        {"attempts": 0},
        {"attempts": -1},
        {"budget": -1},
        {"wait": -0.1},
        {"wait": math.nan},
        {"longest_wait": math.nan},
        {"wait": 2.0, "longest_wait": 1.0},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(numbers: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="makes no sense"):
        Retry(**numbers)
