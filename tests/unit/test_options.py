"""Options of a call go before the client's defaults."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.errors import ConfigurationError, InvalidRequest
from superoffice_erpsync.options import CallOptions, ClientOptions, EffectiveOptions, Localisation, Timeouts, merge

HERE = Localisation(time_zone="NO", language="nb")
DEFAULTS = ClientOptions(timeouts=Timeouts(connect=1.0, read=2.0, sync=3.0), localisation=HERE)


@pytest.mark.parametrize(
    ("call", "moves_data", "limit", "localisation"),
    [
        ({}, False, 2.0, HERE),
        ({}, True, 3.0, HERE),
        ({"timeout": 9.0}, False, 9.0, HERE),
        ({"timeout": 9.0}, True, 9.0, HERE),
        ({"timeout": None}, False, None, HERE),
        ({"timeout": None}, True, None, HERE),
        ({"time_zone": 7}, False, 2.0, Localisation(time_zone=7, language="nb")),
        ({"time_zone": 0}, False, 2.0, Localisation(time_zone=0, language="nb")),
        ({"time_zone": None}, False, 2.0, Localisation(language="nb")),
        (
            {"language": "*", "culture": "de-DE"},
            False,
            2.0,
            Localisation(time_zone="NO", language="*", culture="de-DE"),
        ),
        ({"include_tz_offset": True}, False, 2.0, Localisation(time_zone="NO", language="nb", include_tz_offset=True)),
    ],
)
def test_call_goes_before_client(
    call: CallOptions, moves_data: bool, limit: float | None, localisation: Localisation
) -> None:
    merged = merge(DEFAULTS, call, moves_data=moves_data)
    assert merged == EffectiveOptions(connect_timeout=1.0, read_timeout=limit, localisation=localisation)


def test_merging_changes_nothing_that_it_is_given() -> None:
    call = CallOptions(timeout=9.0)
    before = copy.deepcopy((DEFAULTS, call))
    merge(DEFAULTS, call, moves_data=True)
    assert (DEFAULTS, call) == before


def test_defaults_suit_the_work() -> None:
    merged = merge(ClientOptions(), {}, moves_data=True)
    assert merged == EffectiveOptions(connect_timeout=10.0, read_timeout=1800.0, localisation=Localisation())
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
    with ErpSyncClient.soap(URL) as client, pytest.raises(TypeError, match="timeuot"):
        client.get_system_info(timeuot=5)  # type: ignore[call-arg]
