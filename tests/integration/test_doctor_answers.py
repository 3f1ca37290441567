"""`erpsync doctor` where something else answers than the service, or it answers in another way than it should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from lxml import etree

from integration.altering_front import Alter, AlteringFront, Answer, Asked
from integration.doctor_runs import Examined, box, examined, module_box
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.wsdl_files import wsdl_file

__all__ = ["box", "module_box"]

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
LOGIN = b"<!DOCTYPE html><html><title>Sign in</title><form action='/adfs/ls/'><input type='password'></form></html>"
YELLOW = b"<html><head><title>The service cannot be activated</title></head><body>Server Error</body></html>"
HTML = {"Content-Type": "text/html"}


@contextmanager
def altered(box: Sandbox, alter: Alter) -> Iterator[AlteringFront]:
    with AlteringFront(box.url, alter) as front:
        yield front


def always(answer: Answer) -> Alter:
    return lambda _asked, _answer: answer


def at(box: Sandbox, alter: Alter, *arguments: str, services: str = "Services88") -> Examined:
    with altered(box, alter) as front:
        return examined("--url", f"{front.root}/Remote/{services}", *arguments)


def test_a_login_page_in_place_of_the_service(box: Sandbox) -> None:
    found = at(box, always(Answer(headers=HTML, body=LOGIN)))
    assert (found.code, found.levels["http"]) == (6, "failed")
    assert "a login page of ADFS comes where the service should be" in found.text("http")
    assert "let through" in found.fix("http")
    assert found.levels["login"] == "skipped"
    assert box.logins == 0


def test_another_page_in_place_of_the_service(box: Sandbox) -> None:
    found = at(box, always(Answer(headers=HTML, body=b"<html><title>Welcome to nginx</title></html>")))
    assert (found.code, found.levels["http"]) == (6, "failed")
    assert "Welcome to nginx" in found.text("http")
    assert "--url" in found.fix("http")


def test_a_redirect_to_another_server_is_told_and_not_followed(box: Sandbox) -> None:
    with AlteringFront(box.url) as elsewhere:
        target = f"{elsewhere.root}/Remote/Services88/ErpSync.svc?token=hush"
        found = at(box, always(Answer(status=302, headers={"Location": target})))
    assert (found.code, found.levels["http"]) == (2, "failed")
    assert f"the server sends callers to another server: {target.partition('?')[0]}" in found.text("http")
    assert "put it into --url" in found.fix("http")
    assert elsewhere.asked == []
    assert "hush" not in found.shown


def test_a_redirect_to_https(box: Sandbox) -> None:
    def to_https(asked: Asked, _answer: Answer) -> Answer:
        return Answer(status=301, headers={"Location": f"https://{asked.headers['Host']}{asked.path}"})

    found = at(box, to_https)
    assert (found.code, found.levels["http"]) == (2, "failed")
    assert found.fix("http").endswith("use https in --url")


def test_a_redirect_to_a_login_of_somebody_else(box: Sandbox) -> None:
    found = at(box, always(Answer(status=302, headers={"Location": "https://login.microsoftonline.com/x?y=z"})))
    assert (found.code, found.levels["http"]) == (6, "failed")
    assert "Microsoft Entra ID" in found.text("http")


def test_a_redirect_to_what_is_no_address(box: Sandbox) -> None:
    found = at(box, always(Answer(status=302, headers={"Location": "http://[::bad/x"})))
    assert (found.code, found.levels["http"]) == (6, "failed")
    assert found.levels["login"] == "skipped"


def test_a_wrong_path(box: Sandbox) -> None:
    found = examined("--url", box.url.replace("Remote", "remotely/Else"))
    assert (found.code, found.levels["http"]) == (2, "failed")
    assert "HTTP 404" in found.text("http")
    assert f"the service answers at {box.services88_url}: put that into --url" in found.fix("http")


def test_the_address_of_the_rest_api_over_soap(box: Sandbox) -> None:
    def only_rest(asked: Asked, _answer: Answer) -> Answer | None:
        return None if asked.path.startswith("/api/v1/") else Answer(status=404)

    with altered(box, only_rest) as front:
        found = examined("--url", f"{front.root}/api")
    assert (found.code, found.levels["http"]) == (2, "failed")
    assert "--transport rest" in found.fix("http")


@pytest.mark.parametrize(("offered", "fix"), [("NTLM", "--windows-login"), ('Basic realm="x"', "HttpBasic")])
def test_a_web_server_that_wants_a_login_of_its_own(box: Sandbox, offered: str, fix: str) -> None:
    found = at(box, always(Answer(status=401, headers={"WWW-Authenticate": offered})))
    assert (found.code, found.levels["http"]) == (3, "failed")
    assert offered.partition(" ")[0] in found.text("http")
    assert fix in found.fix("http")
    assert box.logins == 0


def test_a_windows_login_that_is_wanted_and_given() -> None:
    pytest.importorskip("spnego", reason="pyspnego is not installed")
    with Sandbox(windows_users={"CRM\\tje0": "Blåbær"}) as guarded:
        arguments = ("--url", guarded.services88_url, "--windows-login")
        found = examined(*arguments, username="CRM\\tje0", password="Blåbær")
        assert found.code == 0
        assert found.only("warning", "failed") == {}
        assert found.levels["wsdl"] == "skipped"
        assert found.levels["engine"] == "ok"
        before = len(guarded.web_logins)
        refused = examined(*arguments, username="CRM\\tje0", password="wrong")
        assert (refused.code, refused.levels["system"], refused.levels["login"]) == (3, "failed", "skipped")
        assert len(guarded.web_logins) == before + 1


@pytest.mark.parametrize(
    ("status", "body", "code", "said", "fix"),
    [
        (503, b"<html><title>Service Unavailable</title></html>", 5, "the service is down", "application pool"),
        (500, YELLOW, 5, "The service cannot be activated", "event log"),
        (502, b"", 5, "HTTP 502", "in front of the server"),
        (403, YELLOW, 3, "HTTP 403", "allowed"),
    ],
)
def test_a_web_server_that_fails(box: Sandbox, status: int, body: bytes, code: int, said: str, fix: str) -> None:
    found = at(box, always(Answer(status=status, headers=HTML, body=body)))
    assert (found.code, found.levels["http"]) == (code, "failed")
    assert said in found.text("http")
    assert fix in found.fix("http")


def test_a_help_page_that_is_switched_off_is_no_fault(box: Sandbox) -> None:
    def no_pages(asked: Asked, _answer: Answer) -> Answer | None:
        return Answer(status=400) if asked.method == "GET" and ".svc" in asked.path else None

    found = at(box, no_pages)
    assert (found.code, found.levels["http"], found.levels["wsdl"]) == (0, "note", "note")
    assert found.levels["engine"] == "ok"


def test_pages_where_messages_are_due(box: Sandbox) -> None:
    def page_for_posts(asked: Asked, _answer: Answer) -> Answer | None:
        return Answer(headers=HTML, body=LOGIN) if asked.method == "POST" else None

    found = at(box, page_for_posts)
    assert (found.code, found.levels["system"]) == (6, "failed")
    assert "Sign in" in found.text("system")
    assert found.levels["login"] == "skipped"


@pytest.mark.parametrize(("minutes", "said"), [(10, "10 minutes ahead of ours"), (-180, "3 hours behind ours")])
def test_clocks_that_differ(box: Sandbox, minutes: int, said: str) -> None:
    def late(_asked: Asked, answer: Answer) -> None:
        # A little more than that, since the time is cut to whole minutes and hours.
        moment = datetime.now(UTC) + timedelta(minutes=minutes) * 1.01
        answer.headers = {name: value for name, value in answer.headers.items() if name.lower() != "date"}
        answer.headers["Date"] = format_datetime(moment, usegmt=True)

    with altered(box, late) as front:
        found = examined("--url", f"{front.root}/api", "--transport", "rest")
    assert (found.code, found.levels["clock"]) == (0, "warning")
    assert said in found.text("clock")
    assert "Kerberos" in found.fix("clock")


def without(operation: str) -> Alter:
    """Takes an operation out of the installation's WSDL of ErpSync."""

    def alter(asked: Asked, answer: Answer) -> None:
        if asked.path.lower().endswith("/erpsync.svc?wsdl"):
            root = etree.fromstring(answer.body)
            for one in root.findall(f".//{WSDL}operation[@name='{operation}']"):
                one.getparent().remove(one)
            answer.body = etree.tostring(root)

    return alter


def test_a_wsdl_that_lacks_an_operation(box: Sandbox) -> None:
    found = at(box, without("ForceSyncAll"))
    assert (found.code, found.levels["wsdl"]) == (2, "failed")
    assert "lacks ForceSyncAll" in found.text("wsdl")
    assert "--wsdl live" in found.fix("wsdl")
    assert found.findings["wsdl"]["facts"] == {"lacking": ["ForceSyncAll"]}
    assert found.levels["engine"] == "ok"
    live = at(box, without("ForceSyncAll"), "--wsdl", "live")
    assert (live.code, live.levels["wsdl"]) == (0, "warning")


def replaced(path: str, old: bytes, new: bytes) -> Alter:
    """Changes what is answered at a path."""

    def alter(asked: Asked, answer: Answer) -> None:
        if asked.path.lower().endswith(path):
            assert re.search(old, answer.body), "there is something to change"
            answer.body = re.sub(old, new, answer.body)

    return alter


@pytest.mark.parametrize(
    ("old", "new", "code", "level", "said"),
    [
        (b'name="StatusMessage"', b'name="Remark"', 0, "warning", "its types ErpSyncEngineStatus.StatusMessage"),
        (b"Services88/ErpSync/SyncAll", b"Services88/ErpSync/SyncNow", 2, "failed", "in another form SyncAll"),
        (b"(<[a-z]+:element name=\"IsRunning\"[^>]*/>)", rb'\1<xs:element name="Mood" type="xs:string"/>', 0, "note",
         "more in its types ErpSyncEngineStatus.Mood"),
    ],
    ids=["a member less", "another action", "a member more"],
)  # fmt: skip
def test_a_wsdl_with_other_members(box: Sandbox, old: bytes, new: bytes, code: int, level: str, said: str) -> None:
    found = at(box, replaced("/erpsync.svc?wsdl", old, new))
    assert (found.code, found.levels["wsdl"]) == (code, level)
    assert said in found.text("wsdl")


def test_a_wsdl_that_is_none(box: Sandbox) -> None:
    found = at(box, replaced("?wsdl", b"(?s)^.*$", b"<html/>"))
    assert (found.code, found.levels["wsdl"]) == (0, "note")


def test_a_version_that_comes_with_no_wsdl_is_read_live(box: Sandbox) -> None:
    def older(asked: Asked, _answer: Answer) -> Answer | None:
        if asked.method != "GET" or "Services85" not in asked.path:
            return None
        if not asked.path.endswith("?wsdl"):
            return Answer(headers=HTML, body=b"<html>You have created a service.</html>")
        service = asked.path.rpartition("/")[2].partition(".")[0]
        return Answer(body=wsdl_file(service).read_bytes().replace(b"Services86", b"Services85"))

    found = at(box, older, "--wsdl", "live", services="Services85")
    assert found.levels["wsdl"] == "ok"
    assert "there is none of Services85 here" in found.text("wsdl")
    # Calls of that version are nothing that this server knows.
    assert (found.code, found.levels["system"]) == (5, "failed")


def test_a_wsdl_of_the_users_that_is_not_there(box: Sandbox) -> None:
    found = examined("--url", box.url, "--wsdl", "nowhere.wsdl")
    assert (found.code, found.levels["wsdl"]) == (2, "failed")
    assert "nowhere.wsdl" in found.text("wsdl")


def test_rest_behind_a_login_page(box: Sandbox) -> None:
    with altered(box, always(Answer(headers=HTML, body=LOGIN))) as front:
        found = examined("--url", f"{front.root}/api", "--transport", "rest")
    assert (found.code, found.levels["http"]) == (6, "failed")


def test_rest_at_a_wrong_path(box: Sandbox) -> None:
    found = examined("--url", box.rest_url.replace("/api", "/apis"), "--transport", "rest")
    assert (found.code, found.levels["http"]) == (2, "failed")
    assert "https://crm.example.com/api" in found.fix("http")
