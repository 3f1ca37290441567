"""The garbage collector is held back while an answer is decoded, and afterwards as it was."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator

import pytest

from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.operations import OPERATIONS
from superoffice_erpsync.process import collector


@pytest.fixture(autouse=True)
def setting() -> Iterator[None]:
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("ran", [True, False])
def test_the_users_setting_comes_back(ran: bool) -> None:
    (gc.enable if ran else gc.disable)()
    with collector.paused():
        assert not gc.isenabled()
        with collector.paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled() is ran


@pytest.mark.parametrize("ran", [True, False])
def test_it_comes_back_after_an_error(ran: bool) -> None:
    (gc.enable if ran else gc.disable)()
    with pytest.raises(ProtocolError):
        SoapCodec("urn:x", {}).answer(OPERATIONS["SyncAll"], b"nonsense")
    assert gc.isenabled() is ran


def test_many_threads_hold_it_back_together() -> None:
    inside, leave = threading.Barrier(9), threading.Barrier(9)

    def decode() -> None:
        with collector.paused():
            inside.wait(10)
            leave.wait(10)

    threads = [threading.Thread(target=decode) for _ in range(8)]
    for thread in threads:
        thread.start()
    inside.wait(10)
    with collector.paused():
        pass
    assert not gc.isenabled()
    leave.wait(10)
    for thread in threads:
        thread.join()
    assert gc.isenabled()


def test_no_pause_is_lost_between_threads() -> None:
    def decode() -> None:
        for _ in range(2000):
            with collector.paused():
                assert not gc.isenabled()

    threads = [threading.Thread(target=decode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_that_is_forked_in_the_middle_has_it_running() -> None:
    inside, leave = threading.Event(), threading.Event()

    def decode() -> None:
        with collector.paused():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=decode)
    thread.start()
    inside.wait(10)
    child = os.fork()
    if child == 0:
        os._exit(0 if gc.isenabled() else 1)
    _, status = os.waitpid(child, 0)
    leave.set()
    thread.join()
    assert os.waitstatus_to_exitcode(status) == 0
    assert gc.isenabled()
