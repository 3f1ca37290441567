"""What ends a command from outside."""

from __future__ import annotations

import signal
import sys
import time

import pytest
import typer

from superoffice_erpsync.cli.account import Account
from superoffice_erpsync.cli.commands import sandbox as sandbox_command
from superoffice_erpsync.cli.ending import EndedBySignal, OutOfTime, _by_alarm, _by_timer, last_share, signals_interrupt
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.failures import run
from superoffice_erpsync.cli.stopping import Stop
from superoffice_erpsync.deadline import Deadline


def linger() -> None:
    """Wait for something that never comes, as Python code does."""
    for _ in range(500):
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no alarms")
def test_an_alarm_cuts_off() -> None:
    with pytest.raises(OutOfTime), _by_alarm(0.05, Account()):
        time.sleep(5)


def test_a_timer_cuts_off_where_there_are_no_alarms() -> None:
    with pytest.raises(OutOfTime), _by_timer(0.05, Account()):
        linger()


def test_ctrl_c_before_the_timer_strikes_is_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt) as caught, _by_timer(5, Account()):
        raise KeyboardInterrupt
    assert not isinstance(caught.value, OutOfTime)


@pytest.mark.parametrize("cutting", [_by_timer] if sys.platform == "win32" else [_by_timer, _by_alarm])
def test_what_ends_by_itself_is_left_alone(cutting: object) -> None:
    with cutting(0.05, Account(ends_by_itself=True)):  # type: ignore[operator]
        time.sleep(0.2)


def test_a_signal_interrupts_until_the_end_is_settled() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with signals_interrupt() as settle:
        with pytest.raises(EndedBySignal, match="SIGTERM"):
            signal.raise_signal(signal.SIGTERM)
        settle()
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with signals_interrupt():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(("seconds", "share"), [(10.0, 1.0), (3600.0, 300.0)])
def test_the_last_share_is_for_what_is_under_way(seconds: float, share: float) -> None:
    assert last_share(seconds) == share


def test_a_run_stops_when_its_last_share_begins(capsys: pytest.CaptureFixture[str]) -> None:
    assert not Stop(Deadline.after(60)).is_set()
    assert not Stop().is_set()
    stop = Stop(Deadline.after(0.2))
    assert not stop.is_set()
    time.sleep(0.19)
    assert stop.is_set()
    assert stop.is_set()
    assert capsys.readouterr().err.count("stopping, since the command's deadline is near") == 1


@pytest.mark.parametrize(("account", "calls"), [(None, False), (Account(), False), (Account(calling=True), True)])
def test_what_made_no_call_does_not_speak_of_calls(
    account: Account | None, calls: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> ExitCode:
        raise KeyboardInterrupt

    assert run(command, [], account) is ExitCode.INTERRUPTED
    said = capsys.readouterr().err
    assert said.startswith("interrupted")
    assert ("a call that was under way may still be carried out by the server" in said) is calls


def test_ctrl_c_ends_the_sandbox_well_as_soon_as_it_was_said_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def note(text: str) -> None:
        if text.startswith("Try"):
            raise KeyboardInterrupt

    monkeypatch.setattr(sandbox_command, "note", note)
    with pytest.raises(typer.Exit) as ended:
        sandbox_command.sandbox(port=0, ticket_lifetime=60)
    assert (ended.value.exit_code, capsys.readouterr().err) == (ExitCode.OK, "")
