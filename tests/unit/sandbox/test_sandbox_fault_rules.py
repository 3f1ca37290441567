"""Rules of faults on demand: which make sense, whom they strike and how often."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from superoffice_erpsync.sandbox import FaultRule, Faults
from superoffice_erpsync.sandbox.faults.notation import parse_rule, rule_from_json, rule_to_json
from superoffice_erpsync.sandbox.faults.register import UNSTRUCK, Call
from superoffice_erpsync.sandbox.faults.rule import KINDS


def call(operation: str = "ForceResync", **more) -> Call:
    service = "SoPrincipal" if operation.startswith("Authenticate") else "ErpSync"
    usual = {"service": service, "services": "Services86", "transport": "soap", "has_ticket": service == "ErpSync"}
    return Call(operation=operation, **{**usual, **more})


def rest(operation: str = "ForceResync", *, has_ticket: bool = True) -> Call:
    return call(operation, services="REST", transport="rest", has_ticket=has_ticket)


def struck(faults: Faults, calls: int, one: Call | None = None) -> list[int]:
    """Numbers of the calls, from 0, that a fault strikes."""
    return [number for number in range(calls) if faults.strike(one or call()).faults]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_strikes_the_calls_it_is_for(kind):
    faults = Faults([FaultRule(kind=kind)])
    assert faults.strike(rest()).faults == (kind,)
    assert faults.strike(call()).faults == (() if kind == "error_object" else (kind,))


def test_a_rule_is_for_an_operation_a_service_and_a_wire():
    faults = Faults([FaultRule(kind="drop", operation="ForceResync", wire="Services88")])
    assert faults.strike(call(services="Services88")).kind == "drop"
    for other in (call(), rest(), call("SyncAll", services="Services88")):
        assert faults.strike(other) is UNSTRUCK
    faults = Faults([FaultRule(kind="drop", service="SoPrincipal")])
    assert faults.strike(call("AuthenticateImplicit")).kind == "drop"
    assert faults.strike(call()) is UNSTRUCK
    for wire, on_soap, on_rest in (("soap", "drop", None), ("rest", None, "drop")):
        faults = Faults([FaultRule(kind="drop", wire=wire)])
        assert (faults.strike(call()).kind, faults.strike(rest()).kind) == (on_soap, on_rest)


def test_an_expired_ticket_strikes_only_who_has_one():
    faults = Faults([FaultRule(kind="expired_ticket", count=1)])
    assert faults.strike(call("AuthenticateUsernamePassword")) is UNSTRUCK
    assert faults.strike(rest(has_ticket=False)) is UNSTRUCK
    assert faults.strike(call()).kind == "expired_ticket"


def test_count_and_skip():
    faults = Faults([FaultRule(kind="drop", operation="ForceResync", count=2, skip=3)])
    for _ in range(5):
        faults.strike(call("SyncAll"))
    assert struck(faults, 10) == [3, 4]
    (counted,) = faults.rules
    assert (counted.matched, counted.struck, counted.spent) == (10, 2, True)


def test_share_repeats_and_is_about_what_was_asked_for():
    first, again, other = (struck(Faults([FaultRule(kind="drop", share=0.1, seed=seed)]), 2000) for seed in (0, 0, 1))
    assert first == again != other
    assert 150 < len(first) < 250
    assert struck(Faults([FaultRule(kind="drop", share=0.1, count=5)]), 2000) == first[:5]
    assert struck(Faults([FaultRule(kind="drop", share=1)]), 20) == list(range(20))


def test_the_calls_of_a_share_do_not_depend_on_other_rules():
    alone = struck(Faults([FaultRule(kind="html", share=0.3)]), 100)
    faults = Faults([FaultRule(kind="drop", count=10), FaultRule(kind="html", share=0.3)])
    together = [number for number in range(100) if faults.strike(call()).kind == "html"]
    assert together == [number for number in alone if number >= 10]


def test_two_rules_strike_one_after_the_other_and_latency_goes_with_all():
    faults = Faults(
        [
            FaultRule(kind="drop", count=1),
            FaultRule(kind="latency", seconds=2, count=2),
            FaultRule(kind="unavailable", count=1),
            FaultRule(kind="latency", seconds=0.5),
        ]
    )
    suffered = [faults.strike(call()) for _ in range(3)]
    assert [one.faults for one in suffered] == [
        ("drop", "latency", "latency"),
        ("latency", "unavailable", "latency"),
        ("latency",),
    ]
    assert [one.kind for one in suffered] == ["drop", "unavailable", None]
    assert [one.latency for one in suffered] == [2.5, 2.5, 0.5]
    assert [counted.struck for counted in faults.rules] == [1, 2, 1, 3]


def test_clear_and_what_is_shown():
    faults = Faults([FaultRule(kind="drop")])
    faults.add(FaultRule(kind="html", count=1))
    assert "kind='html'" in repr(faults)
    assert [counted.rule.kind for counted in faults.rules] == ["drop", "html"]
    faults.clear()
    assert faults.rules == []
    assert faults.strike(call()) is UNSTRUCK
    with pytest.raises(TypeError, match="a FaultRule is wanted, not str"):
        faults.add("drop")


def test_threads_share_a_count():
    faults = Faults([FaultRule(kind="drop", count=100), FaultRule(kind="html", count=50, skip=20)])
    kinds: list[str | None] = []
    begin = threading.Barrier(8)

    def work() -> None:
        begin.wait()
        for number in range(100):
            kinds.append(faults.strike(call()).kind)
            if number % 10 == 0:
                faults.add(FaultRule(kind="latency", seconds=0, count=1))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (kinds.count("drop"), kinds.count("html"), kinds.count(None)) == (100, 50, 650)
    drop, html, *_ = faults.rules
    assert (drop.matched, drop.struck, html.matched, html.struck) == (800, 100, 800, 50)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "dropp"}, "there is no fault 'dropp'; perhaps drop is meant"),
        ({"kind": "x"}, "there is no fault 'x'; there are latency, drop, "),
        ({"kind": None}, "there is no fault None; there are"),
        ({"kind": ["drop"]}, "there is no fault"),
        ({"operation": "ForceResynk"}, "no operation 'ForceResynk'; perhaps ForceResync is meant"),
        ({"operation": "x"}, "there is no operation 'x'$"),
        ({"operation": "SyncAll", "service": "SoPrincipal"}, "no operation of SoPrincipal 'SyncAll'; there are Authe"),
        ({"service": "Erpsync"}, "no service 'Erpsync'; perhaps ErpSync is meant"),
        ({"wire": "Services85"}, "no wire 'Services85'; perhaps Services8"),
        ({"wire": 86}, "no wire 86; there are soap, rest, Services86"),
        (
            {"wire": "rest", "service": "SoPrincipal"},
            "drop cannot strike SoPrincipal over REST: it exists on SOAP only",
        ),
        ({"wire": "rest", "operation": "GetSystemInfo"}, "cannot strike GetSystemInfo over REST"),
        ({"kind": "error_object", "wire": "soap"}, "error_object exists on REST only, and the wire is soap"),
        ({"kind": "error_object", "service": "SoPrincipal"}, "error_object cannot strike SoPrincipal over REST"),
        ({"kind": "expired_ticket", "operation": "AuthenticateImplicit"}, "AuthenticateImplicit: it needs no ticket"),
        ({"count": 0}, "count must be a whole number from 1 on, not 0"),
        ({"count": True}, "count must be"),
        ({"count": 1.5}, "count must be"),
        ({"skip": -1}, "skip must be a whole number from 0 on, not -1"),
        ({"seed": "1"}, "seed must be a whole number, not '1'"),
        ({"share": 0}, "share must be a number above 0 and up to 1, not 0"),
        ({"share": 1.01}, "share must be"),
        ({"share": float("nan")}, "share must be"),
        ({"share": "10%"}, "share must be"),
        ({"seconds": 1}, "drop has no seconds; latency, too_many, unavailable have"),
        ({"kind": "latency", "seconds": -1}, "seconds must be a number from 0 to 3600, not -1"),
        ({"kind": "latency", "seconds": float("inf")}, "seconds must be"),
        ({"kind": "latency", "seconds": "1"}, "seconds must be"),
        ({"kind": "unavailable", "seconds": 1.5}, "seconds must be whole for unavailable"),
    ],
)
def test_a_rule_without_sense_is_refused(fields, why):
    with pytest.raises(ValueError, match=why):
        FaultRule(**{"kind": "drop", **fields})


def test_rules_are_frozen_and_say_their_seconds():
    rule = FaultRule(kind="unavailable")
    assert rule.seconds == 1
    assert FaultRule(kind="drop").seconds is None
    assert dataclasses.replace(rule, seconds=30).seconds == 30
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.kind = "drop"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("drop", {"kind": "drop"}),
        ("drop:", {"kind": "drop"}),
        ("drop:*", {"kind": "drop"}),
        (" lost_answer : ForceResync : 1 ", {"kind": "lost_answer", "operation": "ForceResync", "count": 1}),
        ("drop:*:10%", {"kind": "drop", "share": 0.1}),
        ("drop::2.5%", {"kind": "drop", "share": 0.025}),
        ("html:GetSystemInfo:100%", {"kind": "html", "operation": "GetSystemInfo"}),
        ("latency=0.25:SyncAll", {"kind": "latency", "seconds": 0.25, "operation": "SyncAll"}),
        ("unavailable=30", {"kind": "unavailable", "seconds": 30}),
    ],
)
def test_a_rule_in_one_word(text, fields):
    assert parse_rule(text) == FaultRule(**fields)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is no fault ''"),
        ("drop:SyncAll:1:2", "not in the form KIND"),
        ("drop:SyncAll:many", "'many' is neither a whole number nor a share"),
        ("drop:SyncAll:", "'' is neither a whole number nor a share"),
        ("drop:SyncAll:-1", "'-1' is neither"),
        ("drop:SyncAll:x%", "'x' is no number for SHARE"),
        ("drop:SyncAll:0%", "share must be a number above 0"),
        ("drop:SyncAll:101%", "share must be a number above 0"),
        ("latency=:SyncAll", "'' is no number for SECONDS"),
        ("latency=nan", "'nan' is no number for SECONDS"),
        ("drop=1", "drop has no seconds"),
    ],
)
def test_a_word_that_is_no_rule(text, why):
    with pytest.raises(ValueError, match=why):
        parse_rule(text)


def test_a_rule_as_json_and_back():
    faults = Faults([FaultRule(kind="latency", operation="SyncAll", seconds=0, share=0.5, skip=1, seed=7)])
    faults.strike(call("SyncAll"))
    written = rule_to_json(faults.rules[0])
    assert (written.pop("matched"), written.pop("struck")) == (1, 0)
    assert rule_from_json(written) == faults.rules[0].rule
    assert rule_from_json({"kind": "drop", "count": None, "seed": None}) == FaultRule(kind="drop")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("drop", "a rule is an object"),
        ({}, "a rule needs a kind"),
        ({"kind": None}, "there is no fault None"),
        ({"kind": "drop", "times": 1}, "a rule has no 'times'; it has count, kind, "),
        ({"kind": "drop", "operation": 7}, "there is no operation 7"),
    ],
)
def test_json_that_is_no_rule(value, why):
    with pytest.raises(ValueError, match=why):
        rule_from_json(value)
