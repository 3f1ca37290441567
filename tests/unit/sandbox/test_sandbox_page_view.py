"""The page put together from a state and from exchanges, without a server."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from superoffice_erpsync.sandbox.faults.rule import KINDS, FaultRule
from superoffice_erpsync.sandbox.http.exchanges import HttpExchange
from superoffice_erpsync.sandbox.installation import Installation
from superoffice_erpsync.sandbox.page.calls import view_call
from superoffice_erpsync.sandbox.page.forms import FORMS, FormRefused, SentForm
from superoffice_erpsync.sandbox.page.rendering import KINDS_IN_WORDS, render_page, render_refusal
from superoffice_erpsync.sandbox.page.view import LINKS_A_PAGE, interval_in_words, view_installation

NS = "http://www.superoffice.net/ws/crm/NetServer/Services86"
SOAP = {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{NS}/ErpSync/ForceSyncAll"'}
JSON = {"content-type": "application/json"}
EVIL = "<script>alert('x')</script>\"'&"


def exchange(
    path: str, request: str = "", answer: str = "", *, headers: dict[str, str] | None = None, **more
) -> HttpExchange:
    sent = SOAP if headers is None else headers
    made = HttpExchange(
        number=1,
        at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        method="POST",
        path=path,
        request_headers=tuple((name.encode(), value.encode()) for name, value in sent.items()),
        **{"status": 200, "seconds": 0.0123, **more},
    )
    made.request.add(request.encode())
    made.answer.add(answer.encode())
    return made


def rendered(installation: Installation, form: SentForm = SentForm(), **more) -> html.HtmlElement:  # noqa: B008
    text = render_page(installation, root="http://here:1", nonce="n0nce", form_token="t0ken", form=form, **more)
    return html.fromstring(text)


@pytest.mark.parametrize(
    ("path", "headers", "wire", "operation"),
    [
        ("/Remote/Services86/ErpSync.svc", SOAP, "Services86", "ForceSyncAll"),
        ("/remote/SERVICES88/ErpSync.svc", SOAP, "Services88", "ForceSyncAll"),
        ("/api/v1/Agents/ErpSync/SyncAll", JSON, "REST", "SyncAll"),
        ("/elsewhere/", {}, "other", "elsewhere"),
        ("/Remote", {}, "other", "Remote"),
        ("/", {}, "other", "(no operation)"),
    ],
)
def test_a_call_says_what_it_is(path, headers, wire, operation):
    call = view_call(exchange(path, headers=headers))
    assert (call.wire, call.operation, call.status, call.milliseconds) == (wire, operation, "200", "12.3")


@pytest.mark.parametrize(
    ("answer", "more", "result", "tone"),
    [
        ("<e><IsOk>true</IsOk></e>", {}, "ok", "good"),
        ("<e><IsOk>false</IsOk></e>", {}, "not ok", "fair"),
        ("<e><AuthenticationSucceeded>false</AuthenticationSucceeded></e>", {}, "login refused", "fair"),
        ("<e><faultcode>s:Client</faultcode></e>", {"status": 400}, "Client", "bad"),
        ("<e><ExceptionType>System.ArgumentException</ExceptionType></e>", {}, "ArgumentException", "bad"),
        ('{"IsOk": false}', {}, "not ok", "fair"),
        ('{"ErrorType": "SoSessionException"}', {"status": 401}, "SoSessionException", "bad"),
        ("", {"status": 413}, "Request Entity Too Large", "bad"),
        ("", {"status": 799}, "failed", "bad"),
        ("", {"status": 204}, "ok", "good"),
        ("", {"status": None}, "no answer", "bad"),
        ("", {"status": None, "seconds": None}, "under way", "fair"),
        ("<e><IsOk>true</Is", {"faults": ("cut_answer",)}, "cut off", "bad"),
        ("<!DOCTYPE html><p>", {"faults": ("html",)}, "a page instead", "bad"),
        ('{"Message": ""}', {"faults": ("error_object",)}, "error object", "bad"),
    ],
)
def test_a_call_says_what_came_of_it(answer, more, result, tone):
    call = view_call(exchange("/Remote/Services86/ErpSync.svc", "<e/>", answer, **more))
    assert (call.result.replace("Content Too Large", "Request Entity Too Large"), call.tone) == (result, tone)


def test_a_call_shows_nothing_secret():
    call = view_call(
        exchange(
            "/api/v1/Agents/ErpSync/GetErpConnectionConfigFields",
            '{"ErpConnectionId": 1, "Password": "Sesame-1"}',
            '{"Server": "Sesame-2"}',
            headers={
                **JSON,
                "authorization": "Basic dGplMDpTZXNhbWU=",
                "cookie": "Sesame-3",
                "so-apptoken": "Sesame-4",
            },
            query=b"Ticket=Sesame-5&%24select=IsOk",
            answer_headers=((b"Set-Cookie", b"Sesame-6"), (b"Content-Type", b"application/json")),
        )
    )
    assert "Sesame" not in repr(call)
    assert call.address == "/api/v1/Agents/ErpSync/GetErpConnectionConfigFields?Ticket=***&$select=IsOk"
    assert call.request.headers == [
        ("content-type", "application/json"), ("authorization", "Basic ***"), ("cookie", "***"), ("so-apptoken", "***"),
    ]  # fmt: skip
    assert call.answer is not None
    assert call.answer.text == '"***"'


def test_a_body_that_nobody_read_is_not_called_empty():
    call = view_call(exchange("/x", headers={"content-length": "7"}))
    assert call.request.note == "It was not read."
    assert view_call(exchange("/x", headers={"content-length": "0"})).request.note == ""


def test_connections_links_and_engine(installation, clock):
    state = installation.state
    state.connections[1].deleted = True
    state.connectors[2].url = "https://someone:Sesame@harbour.example/x.svc?key=Sesame"
    view = view_installation(installation)
    first, second, third = view.connections
    assert (first.connection_id, first.name, first.deleted, first.links) == (1, "Nordic Ledger Norway", True, 15)
    assert (second.active, second.timestamp, second.last_sync) == (True, "00000004", clock.now)
    assert [(actor.actor_type, actor.mapped, actor.fields) for actor in second.actors] == [
        ("Customer", 8, 9), ("Supplier", 3, 3), ("Person", 4, 4), ("Project", 2, 2),
    ]  # fmt: skip
    assert (third.active, third.last_sync, third.url) == (False, None, "https://***@harbour.example/x.svc")
    assert "no connector answers" in third.trouble
    assert (view.links_total, view.links_page, view.links_pages) == (19, 1, 1)
    assert (view.links[0].record, view.links[0].record_name, view.links[0].actor) == (
        "contact 11", "Fjordview Timber", "Customer C1001",
    )  # fmt: skip
    assert (view.engine.running, view.engine.interval) == (True, "15 min")
    assert "made-up" not in repr(view)


def test_links_are_paged(installation):
    for number in range(1000, 1100):
        installation.state.links.link("contact", number, connection_id=1, actor_type="Customer", key=f"X{number}")
    assert [len(view_installation(installation, page).links) for page in (-1, 1, 2, 5, 99)] == [
        LINKS_A_PAGE, LINKS_A_PAGE, LINKS_A_PAGE, 19, 19,
    ]  # fmt: skip
    page = rendered(installation, links_page=2)
    assert [link.get("href") for link in page.cssselect(".pages a")] == ["/?links=1#links", "/?links=3#links"]


def test_intervals_in_words():
    spans = (timedelta(seconds=90), timedelta(hours=25), timedelta(seconds=0.5))
    assert [interval_in_words(span) for span in spans] == ["1 min 30 s", "25 h", "0.5 s"]


def test_nothing_of_what_others_wrote_becomes_markup(installation):
    state = installation.state
    state.connections[1].display_name = state.connectors[1].display_name = EVIL
    state.connections[1].failure = None
    state.crm.change("contact", 11, {"name": EVIL})
    log = installation.exchanges
    scope = {
        "method": "POST",
        "path": f"/api/{EVIL}",
        "query_string": EVIL.encode(),
        "headers": [(b"host", EVIL.encode())],
    }
    log.begin(state.clock(), scope).request.add(f'{{"a": "{EVIL[:20]}"}}'.encode())
    page = rendered(installation, SentForm(section="faults", refused=EVIL, fields={"count": EVIL}))
    assert page.cssselect("script") == []
    assert not [
        name for element in page.iter() if isinstance(element.tag, str) for name in element.attrib if name[:2] == "on"
    ]
    assert page.cssselect("input[name=count]")[0].get("value") == EVIL
    assert html.fromstring(render_refusal(EVIL, "n")).cssselect("script") == []


def test_everything_is_labelled(installation):
    installation.faults.add(FaultRule(kind="drop", count=1), FaultRule(kind="latency", share=0.1, skip=2, wire="rest"))
    page = rendered(installation)
    assert page.get("lang") == "en"
    for field in page.cssselect("input:not([type=hidden]), select"):
        assert field.getparent().tag == "label"
    for table in page.cssselect("table"):
        headers = [header.text_content() for header in table.cssselect("thead th[scope=col]")]
        for row in table.cssselect("tbody tr"):
            assert [cell.get("data-label") for cell in row] == headers
            assert len(row.cssselect("th[scope=row]")) == 1
    for section in page.cssselect("section"):
        assert page.get_element_by_id(section.get("aria-labelledby")).tag == "h2"
    strikes = [cell.text_content() for cell in page.cssselect("td[data-label=Strikes]")]
    assert strikes == ["every operation, once", "every operation, over rest, 10 % of the calls, after the first 2"]
    for form in page.cssselect("form"):
        assert form.get("method") == "post"
        assert form.cssselect("input[name=token]")[0].get("value") == "t0ken"
        assert form.get("action").removeprefix("/_page/") in FORMS


def test_every_kind_of_fault_is_explained_and_offered(installation):
    assert set(KINDS_IN_WORDS) == set(KINDS)
    page = rendered(installation)
    assert [option.get("value") for option in page.cssselect("select[name=kind] option")] == list(KINDS)


def test_the_page_needs_nothing_from_elsewhere(installation):
    page = rendered(installation)
    assert [element.get("nonce") for element in page.cssselect("style")] == ["n0nce"]
    assert page.cssselect("[src], [style], link, script, iframe, object, img") == []
    assert all(link.get("href").startswith(("/", "#")) for link in page.cssselect("a"))
    assert "url(" not in page.cssselect("style")[0].text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(installation, scheme):
    style = rendered(installation).cssselect("style")[0].text
    light, _, rest = style.partition("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6})", rest.partition("}")[0]))
    pairs = [(text, ground) for text in ("text", "quiet", "accent") for ground in ("card", "ground", "code")]
    pairs += [(tone, f"{tone}-ground") for tone in ("good", "fair", "bad", "fault", "off")]
    for text, ground in [*pairs, ("on-accent", "accent"), ("bad", "card")]:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    """As WCAG defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_engine_is_switched(installation, clock):
    FORMS["engine"].act(installation, {"run": "no"})
    assert not installation.state.engine.running
    installation.state.engine.poll_delay = timedelta(minutes=1)
    FORMS["engine"].act(installation, {"run": "yes"})
    assert not installation.state.engine.running
    assert "starts at its next poll" in rendered(installation).text_content()
    with pytest.raises(FormRefused):
        FORMS["engine"].act(installation, {"run": "perhaps"})


def test_a_fault_is_added_as_filled_in(installation):
    fields = {"kind": "unavailable", "operation": "SyncAll", "wire": "rest", "count": " 2 ", "percent": "12.5",
              "skip": "3", "seconds": "7"}  # fmt: skip
    FORMS["faults"].act(installation, fields)
    FORMS["faults"].act(installation, {"kind": "drop", "operation": "", "count": "", "percent": ""})
    assert [counted.rule for counted in installation.faults.rules] == [
        FaultRule(kind="unavailable", operation="SyncAll", wire="rest", count=2, share=0.125, skip=3, seconds=7),
        FaultRule(kind="drop"),
    ]
    FORMS["faults/clear"].act(installation, {})
    assert installation.faults.rules == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "A rule needs a kind."),
        ({"kind": "drop", "count": "many"}, "Count must be a whole number, not 'many'."),
        ({"kind": "drop", "count": "0"}, "Count must be a whole number from 1 on, not 0."),
        ({"kind": "drop", "percent": "200"}, "Percent must be above 0 and up to 100."),
        ({"kind": "drop", "percent": "0"}, "Percent must be above 0 and up to 100."),
        ({"kind": "latency", "seconds": "1e9"}, "Seconds must be a number such as 12.5, not '1e9'."),
        ({"kind": "latency", "seconds": "."}, "Seconds must be a number such as 12.5, not '.'."),
        ({"kind": "latency", "skip": "9" * 13}, f"Skip must be a whole number, not '{'9' * 13}'."),
        ({"kind": "drop", "operation": "SyncAl"}, "There is no operation 'SyncAl'; perhaps SyncAll is meant."),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(installation, fields, message):
    with pytest.raises(FormRefused) as refused:
        FORMS["faults"].act(installation, fields)
    assert (refused.value.message, refused.value.fields) == (message, fields)
    assert installation.faults.rules == []
