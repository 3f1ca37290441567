"""HTTP: whether what answers is the service, and not a login, a redirect or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, note, of_error, ok
from superoffice_erpsync.doctor.pages import Kind, maker_of, page_of, schemes_of, server_of
from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.transports.http import HttpAnswer
from superoffice_erpsync.transports.http.origin import origin_of
from superoffice_erpsync.transports.web_login import HttpBasic

HTTP = "http"


def look(chart: Chart) -> Iterator[Finding]:
    """Ask for the service's own page, without a login and without following anybody elsewhere."""
    limit = chart.limit()
    try:
        answer = chart.get(chart.page, limit)
    except ErpSyncError as error:
        yield of_error(HTTP, error)
        return
    chart.answer, chart.answered_at = answer, datetime.now(UTC)
    facts: dict[str, Any] = {"url": chart.page, "status": answer.status, "server": server_of(answer)}
    status = answer.status
    if status == 200:
        yield _page(chart, answer, facts)
    elif 300 <= status < 400:
        yield _redirect(chart, answer, facts)
    elif status == 401:
        yield _login_wanted(chart, answer, facts)
    elif status in (404, 410):
        yield _not_there(chart, facts, limit)
    else:
        yield _other(answer, facts)


def _page(chart: Chart, answer: HttpAnswer, facts: dict[str, Any]) -> Finding:
    page = page_of(answer)
    facts["page"] = page.kind.value
    where = facts["server"] or "the web server"
    match page.kind:
        case Kind.LOGIN_PAGE:
            whose = f" of {page.maker}" if page.maker else ""
            text = f"a login page{whose} comes where the service should be: {page.words}"
            fix = (
                "something in front of the server (a reverse proxy, single sign-on) wants people to log in: have the "
                "folder of the services let through, or use an address that leads past it"
            )
            return failed(HTTP, Fault.NOT_UNDERSTOOD, text, fix, **facts)
        case Kind.OTHER_PAGE:
            text = f"{page.words} comes where the service should be"
            return failed(HTTP, Fault.NOT_UNDERSTOOD, text, _where(chart), **facts)
        case Kind.DATA if not chart.setup.rest and "xml" not in page.words:
            text = f"{page.words} comes where the service's page should be"
            return note(HTTP, text, **facts)
        case Kind.NOTHING:
            return note(HTTP, f"{where} answers with an empty page", **facts)
    return ok(HTTP, f"{where} answers with {'the API' if chart.setup.rest else page.words}", **facts)


def _redirect(chart: Chart, answer: HttpAnswer, facts: dict[str, Any]) -> Finding:
    try:
        whole = urljoin(chart.page, answer.headers.get("Location", ""))
    except ValueError:
        text = "the server sends callers elsewhere, to what is no address"
        return failed(
            HTTP, Fault.NOT_UNDERSTOOD, text, "see with --trace FILE what came, and who answers there", **facts
        )
    # The query of a redirect to a login can hold what ought not to be shown.
    target = whole.partition("?")[0].partition("#")[0]
    facts["location"] = target
    maker = maker_of(target.encode())
    if maker is not None:
        text = f"the server sends callers to a login of {maker} ({target})"
        fix = "have the folder of the services let through without it, or use an address that leads past it"
        return failed(HTTP, Fault.NOT_UNDERSTOOD, text, fix, **facts)
    fix = "redirects are not followed, since a password would go along; "
    if target == "https" + chart.page.removeprefix("http"):
        where, fix = "https", f"{fix}use https in --url"
    else:
        where = "another page" if target.startswith(f"{origin_of(chart.page)}/") else "another server"
        fix += f"if {target} is the right place, put it into --url"
    text = f"the server sends callers to {where}: {target}"
    return failed(HTTP, Fault.SETTINGS, text, fix, **facts)


def _login_wanted(chart: Chart, answer: HttpAnswer, facts: dict[str, Any]) -> Finding:
    schemes = schemes_of(answer)
    facts["schemes"] = schemes
    chart.wants_login = True
    offered = ", ".join(schemes) or "nothing"
    if chart.setup.rest:
        return ok(HTTP, f"the API is there and wants a login ({offered})", **facts)
    windows = any(scheme.lower() in ("negotiate", "ntlm") for scheme in schemes)
    basic = isinstance(chart.setup.settings.get("web_login"), HttpBasic)
    if (windows and chart.setup.windows_login) or (basic and "basic" in (scheme.lower() for scheme in schemes)):
        return ok(HTTP, f"the web server wants a login of its own ({offered}), and there is one for it", **facts)
    text = f"the web server lets nobody in without a login of its own: it offers {offered}"
    if windows:
        fix = "log in as a Windows account: --windows-login, as whom this runs, or with --username another one"
    elif "basic" in (scheme.lower() for scheme in schemes):
        fix = "give the client web_login=HttpBasic(…) in Python, or have anonymous access switched on for the folder"
    else:
        fix = "have anonymous access or Windows authentication switched on for the folder of the services"
    return failed(HTTP, Fault.LOGIN, text, fix, **facts)


def _not_there(chart: Chart, facts: dict[str, Any], limit: Deadline) -> Finding:
    text = f"there is nothing at {chart.page} (HTTP {facts['status']})"
    right = _right_address(chart, limit)
    if right is None:
        return failed(HTTP, Fault.SETTINGS, text, _where(chart), **facts)
    return failed(HTTP, Fault.SETTINGS, text, f"the service answers at {right}: put that into --url", **facts)


def _right_address(chart: Chart, limit: Deadline) -> str | None:
    """Where the service is instead, among the places it usually is at."""
    if chart.setup.rest:
        return None
    assert chart.services is not None, "SOAP has an address"
    origin, folder = origin_of(chart.page), chart.services.folder
    versions = ("Services88", "Services87", "Services86")
    usual = [f"{root}/{version}" for root in (folder, f"{origin}/Remote") for version in versions]
    for place in dict.fromkeys(usual):
        try:
            answer = chart.get(f"{place}/ErpSync.svc", limit)
        except ErpSyncError:
            return None
        if answer.status == 200 and page_of(answer).kind is Kind.SERVICE:
            return place
    return None


def _where(chart: Chart) -> str:
    path = urlsplit(chart.setup.url or "").path.rstrip("/").lower()
    if chart.setup.rest:
        return "check --url: it should name the API, as in https://crm.example.com/api"
    if path.endswith("/api") or "/api/" in path:
        return "this looks like the REST API's address: add --transport rest"
    return "check --url: it should name the folder of the services, as in https://crm.example.com/Remote/Services86"


def _other(answer: HttpAnswer, facts: dict[str, Any]) -> Finding:
    status, page = answer.status, page_of(answer)
    said = f"HTTP {status} {answer.reason}".rstrip()
    if page.kind in (Kind.LOGIN_PAGE, Kind.OTHER_PAGE):
        said += f" with {page.words}"
    if status == 403:
        fix = "have the folder allowed for this machine's address, and check whether it demands https or a certificate"
        return failed(HTTP, Fault.LOGIN, f"the web server forbids the page: {said}", fix, **facts)
    if status == 407:
        text = f"a proxy on the way wants a login: {said}"
        return failed(HTTP, Fault.UNREACHED, text, "put user and password into ERPSYNC_PROXY", **facts)
    if status == 503:
        fix = "start the application pool on the web server (IIS stops one that fails often), or wait for maintenance"
        return failed(HTTP, Fault.SERVER, f"the service is down: {said}", fix, **facts)
    if status >= 500:
        text = f"the web server fails before the service can answer: {said}"
        fix = "look into the server's event log; in IIS see that the application and its .NET version are in order"
        if status in (502, 504):
            fix = "what stands in front of the server does not reach it: see whether the server itself is up"
        return failed(HTTP, Fault.SERVER, text, fix, **facts)
    # WCF without its help page answers GET so, and POST as it should.
    return note(HTTP, f"the web server shows no page of the service: {said}", **facts)
