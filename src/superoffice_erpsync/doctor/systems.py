"""What the installation says about itself, and how long its licence lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.clients import ask_principal, credentials
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, note, of_error, ok, warning
from superoffice_erpsync.doctor.spans import SOON_DAYS, in_days
from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.models import SoSystemInfoCarrier

SYSTEM = "system"
LICENCE = "licence"


def look(chart: Chart) -> Iterator[Finding]:
    """Call GetSystemInfo, which needs no ticket."""
    if chart.services is None:
        fix = "add --soap-url to have version, licence and the user's rights looked at"
        yield note(SYSTEM, "the REST API does not say what it is part of", fix)
        return
    try:
        if chart.setup.windows_login:
            credentials(chart)
        info = ask_principal(chart).get_system_info(**chart.call_limit())
    except ErpSyncError as error:
        yield of_error(SYSTEM, error)
        return
    chart.system = info
    if info is None:
        yield note(SYSTEM, "SoPrincipal answers, and says nothing about the installation")
        return
    version = info.file_version or info.assembly_version or "of an unknown version"
    company = f" of {info.company_name}" if info.company_name else ""
    facts = {
        "company": info.company_name,
        "version": version,
        "build": info.build_label,
        "build_type": str(info.build_type),
        "database": info.database_name,
        "database_type": info.database_type,
        "database_version": info.database_version,
    }
    text = f"SuperOffice {version}{company}, database {info.database_name or 'without a name'}"
    if info.warning_english:
        fix = "do what it says: it is the server's own warning"
        yield warning(SYSTEM, f"{text}; it warns: {info.warning_english}", fix, **facts)
    else:
        yield ok(SYSTEM, text, **facts)


def look_at_licence(chart: Chart) -> Iterator[Finding]:
    """Look at the days that are left, and for a module that is for ERP sync."""
    info = chart.system
    if info is None:
        yield note(LICENCE, "nothing is said about it")
        return
    left = _days_left(info)
    modules = _modules(info)
    ours = [name for name in modules if "erp" in name.lower()]
    facts: dict[str, Any] = {"days_left": left, "erp_modules": ours, "modules": len(modules)}
    if left is not None and left < 0:
        text = f"the licence ended {in_days(-left)} ago"
        yield failed(LICENCE, Fault.REFUSED, text, "have it renewed by SuperOffice or your partner", **facts)
    elif left is not None and left < SOON_DAYS:
        fix = "have it renewed by SuperOffice or your partner before the server stops answering"
        yield warning(LICENCE, f"the licence ends in {in_days(left)}", fix, **facts)
    elif modules and not ours:
        text = f"none of the {len(modules)} licensed modules has ERP in its name"
        yield note(LICENCE, text, "if calls are refused, ask whether ERP Sync is licensed", **facts)
    else:
        span = "without an end" if left is None else f"for {in_days(left)}"
        yield ok(LICENCE, f"good {span}{', with ' + ', '.join(ours) if ours else ''}", **facts)


def _days_left(info: SoSystemInfoCarrier) -> int | None:
    """Days until the first thing ends, below zero once it has; None where nothing is said to end."""
    ends = info.license.expiry_date if info.license else None
    # Zero is what the server sends where it has nothing to say.
    found = [info.days_until_net_server_expiry] if info.days_until_net_server_expiry else []
    if ends is not None:
        found.append((ends.date() - datetime.now(ends.tzinfo or UTC).date()).days)
    return min(found, default=None)


def _modules(info: SoSystemInfoCarrier) -> list[str]:
    licensed = info.license.module_licenses if info.license else None
    return [one.module_name for one in licensed or () if one is not None and one.module_name]
