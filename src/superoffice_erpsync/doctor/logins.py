"""The login: whether it is accepted, whether its ticket works, and what the user may do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from superoffice_erpsync.auth import AccessToken, Credentials, TicketCredentials, UsernamePassword, WindowsCredentials
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.clients import credentials, log_in
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, note, of_error, ok, skipped, warning
from superoffice_erpsync.errors import AuthenticationError, ConfigurationError, ErpSyncError

LOGIN = "login"
RIGHTS = "rights"


def look(chart: Chart) -> Iterator[Finding]:
    """Log in once, and make one call that reads."""
    try:
        who = credentials(chart)
    except ConfigurationError as error:
        yield of_error(LOGIN, error)
        return
    if who is None:
        fix = "give --username (and ERPSYNC_PASSWORD, or a prompt), --windows-login, ERPSYNC_TICKET or a profile"
        yield skipped(LOGIN, "nobody said who logs in", fix)
        return
    try:
        client = log_in(chart, who)
    except ErpSyncError as error:
        refused = isinstance(error, AuthenticationError) or re.search(_LOCKED, error.message)
        yield _refused(who, error) if refused else of_error(LOGIN, error)
        return
    try:
        chart.engine = client.get_engine_status(**chart.call_limit())
    except AuthenticationError as error:
        yield _unusable(chart, who, error)
        return
    except ErpSyncError as error:
        # The login is all right then: it is for the engine to say.
        chart.engine_error = error
    yield ok(LOGIN, f"{_welcome(chart, who)}, and calls are let in", **_facts(chart))


def look_at_rights(chart: Chart) -> Iterator[Finding]:
    """Look for a function right that is for ERP sync."""
    principal = chart.principal
    if principal is None:
        yield note(RIGHTS, "only a login with user and password, or as a Windows account, tells them")
        return
    rights = [one for one in principal.function_rights or () if one]
    ours = [one for one in rights if "erp" in one.lower() or one.lower() == "admin-all"]
    facts: dict[str, Any] = {"function_rights": len(rights), "for_erp_sync": ours, "role": principal.role_name}
    if ours:
        yield ok(RIGHTS, f"{principal.associate} holds {', '.join(ours)}", **facts)
    elif not rights:
        yield note(RIGHTS, f"the server names no function right of {principal.associate}", **facts)
    else:
        yield warning(
            RIGHTS,
            f"none of the {len(rights)} function rights of {principal.associate} is for ERP Sync or for everything",
            "give the user's role the function right for ERP Sync in SuperOffice's administration, or use another user",
            **facts,
        )


def _welcome(chart: Chart, who: Credentials) -> str:
    if chart.principal is not None and chart.principal.associate:
        full = f" ({chart.principal.full_name})" if chart.principal.full_name else ""
        return f"{chart.principal.associate}{full} is logged in"
    return f"{_called(who)} is accepted"


def _facts(chart: Chart) -> dict[str, Any]:
    principal = chart.principal
    if principal is None:
        return {}
    return {"user": principal.associate, "associate_id": principal.associate_id, "user_type": str(principal.user_type)}


_LOCKED = r"(?i)\block(?:ed|out)\b"


def _refused(who: Credentials, error: ErpSyncError) -> Finding:
    message = error.message
    facts = {"status": error.status} if error.status else {}
    if re.search(_LOCKED, message):
        fix = "have the account unlocked in SuperOffice's administration (or in Active Directory), then log in by hand"
    elif re.search(r"(?i)password.{0,40}expired", message):
        fix = "set a new password for the account"
    elif isinstance(who, UsernamePassword):
        fix = "check user and password, and that the account is neither locked nor retired"
    elif isinstance(who, WindowsCredentials):
        fix = error.hint or "check the account with its domain, and that a SuperOffice user is linked to it"
    elif isinstance(who, AccessToken):
        fix = "get a new access token: it may have expired"
    else:
        fix = error.hint or "check the account's rights"
    fix += "; it was tried once and is not tried again, since accounts lock"
    return failed(LOGIN, Fault.LOGIN, message, fix, **facts)


def _unusable(chart: Chart, who: Credentials, error: AuthenticationError) -> Finding:
    """The first call after the login is not let in."""
    if chart.principal is None:
        if isinstance(who, TicketCredentials):
            fix = "get a new ticket: one lives for six hours after its last use"
            return failed(LOGIN, Fault.LOGIN, error.message, fix)
        return _refused(who, error)
    text = f"{_welcome(chart, who)}, but the first call is not let in: {error.message}"
    fix = "check that the user may use the web services, and that no load balancer spreads calls over servers"
    return failed(LOGIN, Fault.LOGIN, text, fix, **_facts(chart))


def _called(who: Credentials) -> str:
    match who:
        case UsernamePassword():
            return f"the login of {who.username}"
        case WindowsCredentials():
            return f"the Windows login of {who.username or 'this process'}"
        case TicketCredentials():
            return "the ticket"
        case AccessToken():
            return "the access token"
    return "the login"
