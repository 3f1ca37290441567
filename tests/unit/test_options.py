"""Options of a call go before the client's defaults."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import ConfigurationError, InvalidRequest
from superoffice_erpsync.options import CallOptions, ClientOptions, EffectiveOptions, Timeouts, merge

DEFAULTS = ClientOptions(timeouts=Timeouts(connect=1.0, read=2.0, sync=3.0), time_zone="NO")


@pytest.mark.parametrize(
    ("call", "moves_data", "wanted"),
    [
        ({}, False, (1.0, 2.0, "NO")),
        ({}, True, (1.0, 3.0, "NO")),
        ({"timeout": 9.0}, False, (1.0, 9.0, "NO")),
        ({"timeout": 9.0}, True, (1.0, 9.0, "NO")),
        ({"timeout": None}, False, (1.0, None, "NO")),
        ({"timeout": None}, True, (1.0, None, "NO")),
        ({"time_zone": 7}, False, (1.0, 2.0, 7)),
        ({"time_zone": 0}, False, (1.0, 2.0, 0)),
        ({"time_zone": None}, False, (1.0, 2.0, None)),
    ],
)
def test_call_goes_before_client(call: CallOptions, moves_data: bool, wanted: tuple[Any, ...]) -> None:
    merged = merge(DEFAULTS, call, moves_data=moves_data)
    assert merged == EffectiveOptions(connect_timeout=wanted[0], read_timeout=wanted[1], time_zone=wanted[2])


def test_merging_changes_nothing_that_it_is_given() -> None:
    call = CallOptions(timeout=9.0)
    before = copy.deepcopy((DEFAULTS, call))
    merge(DEFAULTS, call, moves_data=True)
    assert (DEFAULTS, call) == before


def test_defaults_suit_the_work() -> None:
    merged = merge(ClientOptions(), {}, moves_data=True)
    assert (merged.connect_timeout, merged.read_timeout, merged.time_zone) == (10.0, 1800.0, None)
    assert merge(ClientOptions(), {}, moves_data=False).read_timeout == 60.0


# -- what a client takes -----------------------------------------------------------------------------------------------

URL = "http://127.0.0.1:9/Remote/Services86"
"""Nobody listens there; nothing is sent in these tests."""

IMPOSSIBLE = [0, -1, 0.0, float("nan"), float("inf"), True, "5"]


@pytest.mark.parametrize("seconds", IMPOSSIBLE)
def test_client_refuses_a_time_limit_that_is_none(seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match="time limit"):
        ErpSyncClient.soap(URL, timeout=seconds)


@pytest.mark.parametrize("place", ["connect", "read", "sync"])
@pytest.mark.parametrize("seconds", IMPOSSIBLE)
def test_client_refuses_such_a_limit_among_several(place: str, seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match="time limit"):
        ErpSyncClient.soap(URL, timeout=Timeouts(**{place: seconds}))


@pytest.mark.parametrize("seconds", IMPOSSIBLE)
def test_call_refuses_it_too(seconds: Any) -> None:
    with ErpSyncClient.soap(URL) as client, pytest.raises(InvalidRequest, match="time limit"):
        client.get_system_info(timeout=seconds)


def test_call_refuses_an_option_that_there_is_not() -> None:
    with ErpSyncClient.soap(URL) as client, pytest.raises(InvalidRequest, match="timeuot"):
        client.get_system_info(timeuot=5)  # type: ignore[call-arg]
