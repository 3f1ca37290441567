"""`erpsync doctor` where the installation itself is at fault: licence, login, rights, engine, connections, fields."""

from __future__ import annotations

import re

import pytest

from integration.altering_front import Alter, AlteringFront, Answer, Asked
from integration.doctor_runs import Examined, box, examined, module_box
from superoffice_erpsync.sandbox import FaultRule, Sandbox

__all__ = ["box", "module_box"]


def told(operation: str, old: bytes, new: bytes) -> Alter:
    """Changes what an operation answers."""

    def alter(asked: Asked, answer: Answer) -> None:
        if f'/{operation}"' in asked.headers.get("SOAPAction", ""):
            assert re.search(old, answer.body), "there is something to change"
            answer.body = re.sub(old, new, answer.body)

    return alter


def over_rest(box: Sandbox) -> tuple[str, ...]:
    """The quicker transport, where it makes no difference: it has no WSDL to compare."""
    return ("--url", box.rest_url, "--transport", "rest")


def with_answers(box: Sandbox, alter: Alter) -> Examined:
    with AlteringFront(box.url, alter) as front:
        return examined("--url", f"{front.root}/Remote/Services88")


def test_a_licence_that_ends_soon(box: Sandbox) -> None:
    found = with_answers(box, told("GetSystemInfo", b"(DaysUntilNetServerExpiry>)365<", rb"\g<1>12<"))
    assert (found.code, found.levels["licence"]) == (0, "warning")
    assert found.text("licence") == "the licence ends in 12 days"
    assert "renewed" in found.fix("licence")


def test_a_licence_that_has_ended(box: Sandbox) -> None:
    found = with_answers(box, told("GetSystemInfo", b"(ExpiryDate>)2099", rb"\g<1>2019"))
    assert (found.code, found.levels["licence"]) == (1, "failed")
    assert "days ago" in found.text("licence")


def test_a_server_that_warns(box: Sandbox) -> None:
    said = rb"\g<1>WarningEnglish>Too many users</\g<1>WarningEnglish>"
    pattern = rb"([a-z]*:?)WarningEnglish>\s*</[a-z]*:?WarningEnglish>|([a-z]*:?)WarningEnglish\s*/>"
    found = with_answers(box, told("GetSystemInfo", pattern, said))
    assert (found.code, found.levels["system"]) == (0, "warning")
    assert "Too many users" in found.text("system")


@pytest.mark.parametrize("transport", ["soap", "rest"])
def test_a_wrong_password_is_shown_once(box: Sandbox, transport: str) -> None:
    url = box.services88_url if transport == "soap" else box.rest_url
    found = examined("--url", url, "--transport", transport, password="not-this-one")
    assert (found.code, found.levels["login"]) == (3, "failed")
    assert "check user and password" in found.fix("login")
    assert set(found.only("skipped")) >= {"rights", "engine", "connections"}
    assert "not-this-one" not in found.shown
    if transport == "soap":
        called = [call.operation for call in box.received]
        assert called.count("AuthenticateUsernamePassword") == 1


def test_an_account_that_is_locked(box: Sandbox) -> None:
    fault = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        b"<faultcode>s:Client</faultcode><faultstring>The account is locked out</faultstring>"
        b"</s:Fault></s:Body></s:Envelope>"
    )

    def locked(asked: Asked, _answer: Answer) -> Answer | None:
        is_login = "AuthenticateUsernamePassword" in asked.headers.get("SOAPAction", "")
        return Answer(status=500, headers={"Content-Type": "text/xml"}, body=fault) if is_login else None

    found = with_answers(box, locked)
    assert (found.code, found.levels["login"]) == (3, "failed")
    assert "locked out" in found.text("login")
    assert "unlocked" in found.fix("login")


def test_a_ticket_that_has_expired(box: Sandbox) -> None:
    found = examined("--url", box.url, username=None, password=None, ticket="7T:long-gone")
    assert (found.code, found.levels["login"]) == (3, "failed")
    assert "get a new ticket" in found.fix("login")
    assert "long-gone" not in found.shown


def test_a_ticket_that_is_refused_right_after_the_login(box: Sandbox) -> None:
    box.faults.add(FaultRule(kind="expired_ticket"))
    found = examined("--url", box.url)
    assert (found.code, found.levels["login"]) == (3, "failed")
    assert "but the first call is not let in" in found.text("login")
    assert box.logins == 1


def test_a_user_without_the_function_right(box: Sandbox) -> None:
    def nothing_for_erp(asked: Asked, answer: Answer) -> None:
        if "AuthenticateUsernamePassword" in asked.headers.get("SOAPAction", ""):
            answer.body = answer.body.replace(b"admin-all", b"diary-all").replace(b"erp-sync", b"mailings")

    found = with_answers(box, nothing_for_erp)
    assert (found.code, found.levels["rights"]) == (0, "warning")
    assert "none of the 2 function rights of tje0" in found.text("rights")
    assert "give the user's role the function right" in found.fix("rights")


def test_an_engine_that_is_stopped(box: Sandbox) -> None:
    with box.lock:
        box.state.engine.running = False
    found = examined(*over_rest(box))
    assert (found.code, found.levels["engine"], found.worst) == (0, "warning", "warning")
    assert "the engine is stopped" in found.text("engine")
    assert "erpsync engine start" in found.fix("engine")


def test_an_engine_that_cannot_be_asked(box: Sandbox) -> None:
    box.faults.add(FaultRule(kind="server_fault", operation="GetEngineStatus"))
    found = examined("--url", box.services88_url)
    assert (found.code, found.levels["login"], found.levels["engine"]) == (5, "ok", "failed")
    assert found.levels["connection 1"] == "ok"


@pytest.mark.parametrize("transport", ["soap", "rest"])
def test_a_connection_whose_test_fails(box: Sandbox, transport: str) -> None:
    with box.lock:
        box.state.connections[2].config_fields["Password"] = "changed-in-the-erp"
    url = box.services88_url if transport == "soap" else box.rest_url
    found = examined("--url", url, "--transport", transport)
    assert found.code == 1
    assert found.only("failed") == {"connection 2": "failed"}
    assert "Nordic Ledger Sweden does not answer" in found.text("connection 2")
    assert "user and password for the ERP" in found.fix("connection 2")
    assert "changed-in-the-erp" not in found.shown


def test_a_connection_that_is_not_active_and_fails_is_a_warning(box: Sandbox) -> None:
    with box.lock:
        box.state.connections[3].config_fields["Key"] = "another"
    found = examined(*over_rest(box))
    assert (found.code, found.levels["connection 3"]) == (0, "warning")


def test_a_connection_that_is_not_there(box: Sandbox) -> None:
    found = examined(*over_rest(box), "--connection", "99")
    assert (found.code, found.levels["connection 99"]) == (1, "failed")
    assert "--connection" in found.fix("connection 99")


def test_a_mapped_field_that_the_erp_no_longer_has(box: Sandbox) -> None:
    with box.lock:
        box.state.connections[1].mappings["Customer"].field_of("PHONE").missing_in_erp = True
    found = examined("--url", box.url, "--connection", "1")
    assert (found.code, found.levels["fields 1"]) == (0, "warning")
    assert found.text("fields 1") == "the ERP no longer has Customer PHONE"
    assert "out of the mapping" in found.fix("fields 1")


def test_a_mapped_field_that_the_crm_no_longer_has(box: Sandbox) -> None:
    with box.lock:
        box.state.connections[1].mappings["Person"].field_of("MOBILE").crm_field_key = "pager"
    found = examined(*over_rest(box), "--connection", "1")
    assert (found.code, found.levels["fields 1"]) == (0, "warning")
    assert "the CRM no longer has Person pager" in found.text("fields 1")


def test_a_field_that_is_not_mapped_may_vanish(box: Sandbox) -> None:
    with box.lock:
        box.state.connections[1].mappings["Customer"].field_of("SALESPERSON").missing_in_erp = True
    assert examined(*over_rest(box), "--connection", "1").levels["fields 1"] == "ok"
