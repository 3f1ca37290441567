"""Options of a call go before the client's defaults."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.errors import ConfigurationError, InvalidRequest
from superoffice_erpsync.options import CallOptions, ClientOptions, EffectiveOptions, Localisation, Timeouts, merge

HERE = Localisation(time_zone="NO", language="nb")
LIMITS = Timeouts(connect=1.0, read=2.0, sync=3.0, deadline=40.0, sync_deadline=50.0)
DEFAULTS = ClientOptions(timeouts=LIMITS, localisation=HERE)


def without_moment(options: EffectiveOptions) -> EffectiveOptions:
    return options._replace(deadline=Deadline())


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
    assert without_moment(merged) == EffectiveOptions(
        connect_timeout=1.0, read_timeout=limit, deadline=Deadline(), localisation=localisation
    )


@pytest.mark.parametrize(
    ("call", "moves_data", "whole"),
    [
        ({}, False, 40.0),
        ({}, True, 50.0),
        ({"timeout": 9.0}, False, 27.0),
        ({"timeout": 9.0}, True, 27.0),
        ({"timeout": None}, False, None),
        ({"deadline": 7.0}, False, 7.0),
        ({"deadline": 7.0}, True, 7.0),
        ({"deadline": None}, True, None),
        ({"timeout": 9.0, "deadline": 7.0}, False, 7.0),
        ({"timeout": 9.0, "deadline": None}, False, None),
        ({"timeout": None, "deadline": 7.0}, False, 7.0),
    ],
)
def test_whole_call_has_a_deadline_that_begins_now(call: CallOptions, moves_data: bool, whole: float | None) -> None:
    left = merge(DEFAULTS, call, moves_data=moves_data).deadline.left()
    assert left == (None if whole is None else pytest.approx(whole, abs=1))


@pytest.mark.parametrize(("call", "wanted"), [({}, False), ({"repeat_unknown": False}, False)])
def test_nothing_is_repeated_at_a_venture_unless_the_call_says_so(call: CallOptions, wanted: bool) -> None:
    assert merge(DEFAULTS, call, moves_data=False).repeat_unknown is wanted
    assert merge(DEFAULTS, {"repeat_unknown": True}, moves_data=False).repeat_unknown is True


def test_merging_changes_nothing_that_it_is_given() -> None:
    call = CallOptions(timeout=9.0)
    before = copy.deepcopy((DEFAULTS, call))
    merge(DEFAULTS, call, moves_data=True)
    assert (DEFAULTS, call) == before


def test_defaults_suit_the_work() -> None:
    merged = merge(ClientOptions(), {}, moves_data=True)
    assert without_moment(merged) == EffectiveOptions(
        connect_timeout=10.0, read_timeout=1800.0, deadline=Deadline(), localisation=Localisation()
    )
    assert merged.deadline.left() == pytest.approx(5400, abs=1)
    quick = merge(ClientOptions(), {}, moves_data=False)
    assert (quick.read_timeout, quick.deadline.left()) == (60.0, pytest.approx(180, abs=1))


def test_other_limits_follow_from_a_single_one() -> None:
    assert Timeouts.of(40) == Timeouts(connect=10.0, read=40, sync=40, deadline=120, sync_deadline=120)
    assert Timeouts.of(2) == Timeouts(connect=2, read=2, sync=2, deadline=6, sync_deadline=6)


# -- what a client takes -----------------------------------------------------------------------------------------------

URL = "http://127.0.0.1:9/Remote/Services86"
"""Nobody listens there; nothing is sent in these tests."""

IMPOSSIBLE = [0, -1, 0.0, float("nan"), float("inf"), 1e9, True, "5"]


@pytest.mark.parametrize("seconds", IMPOSSIBLE)
def test_client_refuses_a_time_limit_that_is_none(seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match="time limit"):
        ErpSyncClient.soap(URL, timeout=seconds)


@pytest.mark.parametrize("place", ["connect", "read", "sync", "deadline", "sync_deadline"])
@pytest.mark.parametrize("seconds", IMPOSSIBLE)
def test_client_refuses_such_a_limit_among_several(place: str, seconds: Any) -> None:
    with pytest.raises(ConfigurationError, match="time limit"):
        ErpSyncClient.soap(URL, timeout=Timeouts(**{place: seconds}))


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize("seconds", IMPOSSIBLE)
def test_call_refuses_it_too(name: str, seconds: Any) -> None:
    with ErpSyncClient.soap(URL) as client, pytest.raises(InvalidRequest, match=f"{name} must be") as caught:
        client.get_system_info(**{name: seconds})
    assert caught.value.operation == "GetSystemInfo"


def test_call_refuses_an_option_that_there_is_not() -> None:
    with ErpSyncClient.soap(URL) as client, pytest.raises(TypeError, match="timeuot"):
        client.get_system_info(timeuot=5)  # type: ignore[call-arg]


@pytest.mark.parametrize("make", [ErpSyncClient.soap, ErpSyncClient.rest], ids=["soap", "rest"])
def test_client_refuses_a_setting_that_there_is_not(make: Any) -> None:
    with pytest.raises(TypeError, match=r"'timeuot' is no setting of a client; settings are: .*timeout"):
        make(URL, timeuot=5)


@pytest.mark.parametrize("make", [ErpSyncClient.soap, ErpSyncClient.rest], ids=["soap", "rest"])
@pytest.mark.parametrize(
    ("url", "settings"),
    [("http://crm.example.com/api", {}), ("https://crm.example.com/api", {"verify": False})],
    ids=["plain http", "unchecked"],
)
def test_client_that_others_could_overhear_is_made_on_the_users_word_only(
    url: str, settings: dict[str, Any], make: Any
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make(url, **settings)
    assert "allow_insecure=True" in str(caught.value.hint)
    make(url, **settings, allow_insecure=True).close()


def test_rest_client_is_careful_about_both_its_addresses() -> None:
    with pytest.raises(ConfigurationError, match="plain http"):
        ErpSyncClient.rest("https://crm.example.com/api", soap_url="http://crm.example.com/Remote/Services86")


def test_no_call_may_go_on_beyond_the_moment_that_holds_for_all() -> None:
    soon = Deadline.after(5)
    defaults = ClientOptions(timeouts=Timeouts(until=soon))
    assert merge(defaults, {}, moves_data=True).deadline == soon
    assert merge(defaults, {"deadline": None}, moves_data=False).deadline == soon
    left = merge(defaults, {"deadline": 1.0}, moves_data=False).deadline.left()
    assert left is not None
    assert left <= 1.0
