"""The bounds of repeating to the last, and what the log tells of each call and of each repeat."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import pytest
import stamina

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ErpSyncError, Outcome, ServerFault, TransportError
from superoffice_erpsync.operations import OPERATIONS, Nature, Operation
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.redaction import Secret
from superoffice_erpsync.retry import Budget, Repeats, Retry
from superoffice_erpsync.transports.repeating import RetryingTransport

READ, WRITE = OPERATIONS["GetEngineStatus"], OPERATIONS["ToggleErpConnectionActive"]
QUICK = Retry(wait=0.001, longest_wait=0.004)


class Scripted:
    """A transport that gives one result after the other, and raises those that are errors."""

    secrets = (Secret("hunter2"),)

    def __init__(self, *results: Any) -> None:
        self.results = list(results)
        self.calls: list[tuple[Operation[Any], Mapping[str, Any], EffectiveOptions]] = []
        self.moments: list[float] = []

    def call(self, operation: Operation[Any], arguments: Mapping[str, Any], options: EffectiveOptions) -> Any:
        self.moments.append(time.monotonic())
        self.calls.append((operation, arguments, options))
        result = self.results.pop(0)
        if isinstance(result, ErpSyncError):
            raise result
        return result

    def close(self) -> None:
        """Nothing is open."""


def unreached() -> TransportError:
    return TransportError("nobody is there", outcome=Outcome.NOT_SENT, can_repeat=True)


def lost() -> TransportError:
    return TransportError("cut off", outcome=Outcome.UNKNOWN)


def busy(seconds: float) -> ServerFault:
    error = ServerFault("busy", status=503, outcome=Outcome.REJECTED, can_repeat=True)
    error.retry_after = seconds
    return error


def options(seconds: float | None = None) -> EffectiveOptions:
    return EffectiveOptions(connect_timeout=None, read_timeout=None, deadline=Deadline.after(seconds))


def wait_of(inner: Scripted, policy: Retry, seconds: float | None = None) -> float:
    """How long it was from the first attempt to the second."""
    assert RetryingTransport(inner, policy).call(WRITE, {}, options(seconds)) == "well"
    first, second = inner.moments
    return second - first


# -- waits -------------------------------------------------------------------------------------------------------------


def test_a_wait_takes_no_more_than_a_quarter_of_what_is_left_and_no_less_where_it_should_be_longer() -> None:
    assert wait_of(Scripted(unreached(), "well"), Retry(wait=30, longest_wait=60), seconds=1.0) >= 0.24


def test_waits_are_no_longer_than_the_policy_says() -> None:
    inner = Scripted(*(unreached() for _ in range(8)), "well")
    policy = Retry(attempts=9, wait=0.02, longest_wait=0.02)
    assert RetryingTransport(inner, policy).call(READ, {}, options()) == "well"
    assert 8 * 0.02 <= inner.moments[-1] - inner.moments[0] < 1.5


def test_waits_are_spread_by_no_more_than_the_first_one() -> None:
    inner = Scripted(*(unreached() for _ in range(7)), "well")
    policy = Retry(attempts=8, wait=0.001, longest_wait=60)
    assert RetryingTransport(inner, policy).call(READ, {}, options()) == "well"
    assert inner.moments[-1] - inner.moments[0] < 1.5


def test_a_server_may_ask_for_the_longest_wait_and_for_nothing_more() -> None:
    policy = Retry(wait=0.001, longest_wait=0.03)
    assert wait_of(Scripted(busy(0.03), "well"), policy) >= 0.03
    with pytest.raises(ServerFault):
        RetryingTransport(Scripted(busy(0.031), "well"), policy).call(WRITE, {}, options())


def test_a_server_is_waited_for_no_longer_than_the_deadline_also_with_jitter() -> None:
    how = options(10.0)
    repeats = Repeats(WRITE, Nature.WRITE, how, Retry(), Budget(1))
    waits = [repeats.wait_after(busy(9.5)) for _ in range(64)]
    assert False in waits
    assert all(wait is False or 9.5 <= wait < 10.0 for wait in waits)


def test_those_who_were_sent_away_together_do_not_come_back_together() -> None:
    policy = Retry(wait=0.001, longest_wait=0.05)
    waits = [wait_of(Scripted(busy(0.0), "well"), policy) for _ in range(8)]
    assert max(waits) - min(waits) > 0.003
    assert sum(waits) < 2


def test_those_who_found_nobody_together_do_not_come_back_together() -> None:
    waits = [wait_of(Scripted(unreached(), "well"), Retry(wait=0.02, longest_wait=1)) for _ in range(8)]
    assert max(waits) - min(waits) > 0.001


def test_more_than_a_second_is_not_added_to_what_a_server_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda _least, most: most)
    assert Repeats(WRITE, Nature.WRITE, options(), Retry(), Budget(1)).wait_after(busy(5)) == 6.0


def test_attempts_that_take_long_are_repeated_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Scripted):
        """Each attempt takes ten minutes."""

        def call(self, *arguments: Any) -> Any:
            gone[0] += 600.0
            return super().call(*arguments)

    gone, clock = [0.0], time.monotonic
    monkeypatch.setattr("time.monotonic", lambda: clock() + gone[0])
    assert RetryingTransport(Slow(unreached(), unreached(), "well"), QUICK).call(READ, {}, options()) == "well"


def test_the_usual_policy_is_the_default_one() -> None:
    inner = Scripted(busy(0.0), "well")
    assert RetryingTransport(inner, "usual").call(WRITE, {}, options()) == "well"
    assert len(inner.calls) == 2


# -- attempts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_the_call_is_the_same_at_each_attempt(level: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(level, "superoffice_erpsync.calls")
    inner, how = Scripted(unreached(), unreached(), "well"), options()
    assert RetryingTransport(inner, QUICK).call(WRITE, {"erp_connection_ids": [7]}, how) == "well"
    assert inner.calls == [(WRITE, {"erp_connection_ids": [7]}, how)] * 3


@pytest.mark.parametrize("attempts", [1, 2, 3, 12])
def test_there_are_as_many_attempts_as_the_policy_allows(attempts: int) -> None:
    inner = Scripted(*(unreached() for _ in range(20)))
    policy = Retry(attempts=attempts, wait=0.0, longest_wait=0.0, budget=99)
    with pytest.raises(TransportError) as caught:
        RetryingTransport(inner, policy).call(READ, {}, options())
    assert (len(inner.calls), caught.value.attempts) == (attempts, attempts)


def test_where_the_program_has_switched_repeats_off_there_was_one_attempt() -> None:
    stamina.set_active(False)
    try:
        with pytest.raises(TransportError) as caught:
            RetryingTransport(Scripted(unreached(), "well"), QUICK).call(READ, {}, options())
    finally:
        stamina.set_active(True)
    assert caught.value.attempts == 1


@pytest.mark.parametrize("budget", [0, 1, 2])
def test_there_are_as_many_repeats_as_the_budget_has(budget: int) -> None:
    transport = RetryingTransport(Scripted(*(unreached() for _ in range(9))), Retry(wait=0.0, budget=budget))
    with pytest.raises(TransportError) as caught:
        transport.call(READ, {}, options())
    assert caught.value.attempts == budget + 1


def test_a_budget_is_free_in_a_process_that_was_forked_while_a_thread_held_it() -> None:
    budget = Budget(1)
    with budget._lock:
        budget.after_fork()
        assert budget.pay()
    assert not budget.pay()
    for _ in range(5):
        assert not budget.pay()
        budget.earn()
    assert budget.pay()


def test_the_smallest_policy_there_can_be() -> None:
    assert Retry(attempts=1, wait=0, longest_wait=0, budget=0).attempts == 1


def test_a_lost_answer_is_told_behind_what_failed_last() -> None:
    transport = RetryingTransport(
        Scripted(lost(), unreached(), unreached(), unreached()), Retry(attempts=4, wait=0.0, longest_wait=0.0)
    )
    how = EffectiveOptions(connect_timeout=None, read_timeout=None, deadline=Deadline(), repeat_unknown=True)
    with pytest.raises(TransportError) as caught:
        transport.call(OPERATIONS["ForceSyncAll"], {}, how)
    error = caught.value
    assert error.message.startswith("nobody is there; the answer to an earlier attempt was lost")
    assert error.args == (error.message,)
    assert (error.outcome, error.can_repeat, error.attempts) == (Outcome.UNKNOWN, False, 4)
    assert error.operation == "ForceSyncAll"


def test_the_secrets_are_those_of_what_makes_the_calls() -> None:
    assert RetryingTransport(Scripted(), None).secrets == (Secret("hunter2"),)


# -- the log -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "superoffice_erpsync")
    return caplog


def facts(record: logging.LogRecord, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(record, name, None) for name in names)


def of_calls(log: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in log.records if one.name == "superoffice_erpsync.calls"]


def test_a_call_that_goes_well_is_told_with_the_time_that_it_took(log: pytest.LogCaptureFixture) -> None:
    inner = Scripted(unreached(), "well")
    assert RetryingTransport(inner, Retry(wait=0.03, longest_wait=0.03)).call(READ, {}, options()) == "well"
    (record,) = of_calls(log)
    assert facts(record, "operation", "outcome", "error", "attempt") == ("GetEngineStatus", "answered", None, None)
    assert 0.03 <= record.seconds < 30
    assert record.seconds == round(record.seconds, 3)
    assert record.getMessage() == f"GetEngineStatus: answered, {record.seconds:.3f} s"


def test_a_call_that_fails_is_told_with_the_error_and_the_attempts(log: pytest.LogCaptureFixture) -> None:
    inner = Scripted(unreached(), lost())
    with pytest.raises(TransportError):
        RetryingTransport(inner, Retry(attempts=2, wait=0.03, longest_wait=0.03)).call(READ, {}, options())
    (record,) = of_calls(log)
    assert facts(record, "operation", "outcome", "error", "attempt") == (
        "GetEngineStatus", "unknown", "TransportError", 2,
    )  # fmt: skip
    assert 0.03 <= record.seconds < 30
    assert record.getMessage() == f"GetEngineStatus: TransportError unknown, {record.seconds:.3f} s"


def test_each_repeat_is_told_with_what_failed(log: pytest.LogCaptureFixture) -> None:
    RetryingTransport(Scripted(unreached(), lost(), "well"), QUICK).call(READ, {}, options())
    repeats = [one for one in log.records if one.name == "superoffice_erpsync.retry"]
    assert [facts(one, "operation", "outcome", "attempt") for one in repeats] == [
        ("GetEngineStatus", "not_sent", 1),
        ("GetEngineStatus", "unknown", 2),
    ]
    assert "attempt 2 of at most 4 follows" in repeats[0].getMessage()
    assert "nobody is there" in repeats[0].getMessage()


def test_where_nobody_listens_nothing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "superoffice_erpsync")
    assert RetryingTransport(Scripted(unreached(), "well"), QUICK).call(READ, {}, options()) == "well"
    assert [one for one in caplog.records if one.name.startswith("superoffice_erpsync")] == []
