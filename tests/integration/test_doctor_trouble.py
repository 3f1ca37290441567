"""`erpsync doctor` where a login is over, the engine idles, a port is silent, or a proxy is of another kind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integration.doctor_runs import PASSWORD, USER, box, examined, module_box
from integration.hostile.places import BlackHole
from superoffice_erpsync.sandbox import Sandbox

__all__ = ["box", "module_box"]

FOLDER = "/Remote/Services86"


def test_a_ticket_whose_time_is_over(box: Sandbox) -> None:
    with box.lock:
        issued = box.state.sessions.log_in(USER, PASSWORD)
    assert issued is not None
    box.expire_tickets()
    found = examined("--url", box.url, username=None, password=None, ticket=issued[1])
    assert (found.code, found.levels["login"]) == (3, "failed")
    assert found.fix("login").startswith("get a new ticket")
    assert issued[1] not in found.shown


def test_an_engine_that_runs_at_no_interval(box: Sandbox) -> None:
    with box.lock:
        box.state.engine.interval = timedelta(0)
    found = examined("--url", box.url)
    assert (found.code, found.levels["engine"]) == (0, "warning")
    assert "at no interval" in found.text("engine")


@pytest.mark.skipif(not BlackHole.WORKS, reason="only Linux leaves connections to a full queue without an answer")
def test_a_port_that_does_not_answer_at_all() -> None:
    with BlackHole() as hole:
        found = examined("--url", f"http://127.0.0.1:{hole.port}{FOLDER}", "--timeout", "0.5")
    assert (found.code, found.levels["tcp"]) == (4, "failed")
    assert f"port {hole.port} of 127.0.0.1 does not answer at all" in found.text("tcp")
    assert "firewall" in found.fix("tcp")


@pytest.mark.parametrize(
    ("scheme", "level", "said"),
    [("http", "ok", "plain http as they are"), ("https", "note", "spoken to over TLS itself")],
)
def test_a_proxy_that_is_not_asked_for_a_tunnel(box: Sandbox, scheme: str, level: str, said: str) -> None:
    proxy = f"{scheme}://{box.url.split('/')[2]}"
    found = examined("--url", box.url, "--proxy", proxy)
    assert found.levels["proxy"] == level
    assert said in found.text("proxy")
