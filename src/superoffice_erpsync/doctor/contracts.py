"""The WSDL: whether the installation's own is there, and says what ours says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Fault, Finding, failed, note, of_error, ok, skipped, warning
from superoffice_erpsync.errors import ConfigurationError, ErpSyncError
from superoffice_erpsync.options import Timeouts
from superoffice_erpsync.transports.soap.address import Address
from superoffice_erpsync.transports.soap.contracts import LIVE, Contracts
from superoffice_erpsync.transports.soap.wsdl import Contract
from superoffice_erpsync.wsdl_files import SERVICES

WSDL = "wsdl"
_BUNDLED = (*SERVICES, "Services87")
_MOST_SHOWN = 5


class Difference(NamedTuple):
    """How the installation's contract differs from ours.

    Attributes:
        lacking: Operations that it has not.
        changed: Operations whose SOAPAction, headers, arguments or elements are others.
        fewer: Members that it has not, as in `PluginResponse.Status`.
        added: Operations that it has more.
        more: Members that it has more.
    """

    lacking: list[str]
    changed: list[str]
    fewer: list[str]
    added: list[str]
    more: list[str]


def look(chart: Chart) -> Iterator[Finding]:
    """Read the installation's WSDLs and compare them with those that the client goes by."""
    if chart.setup.rest or chart.services is None:
        yield note(WSDL, "the REST API has no WSDL to compare")
        return
    if chart.wants_login:
        yield skipped(WSDL, "the web server shows it to nobody without a login, and none is sent only to look")
        return
    limit, wsdl = chart.limit(), chart.setup.wsdl
    # Where a client goes by the installation's own, the bundled one still tells what is missing, if there is one.
    wanted = None if wsdl == LIVE else wsdl
    try:
        comparable = wsdl != LIVE or chart.services.services in _BUNDLED
        ours = _contracts(chart, chart.services, wanted, limit) if comparable else []
    except ErpSyncError as error:
        yield of_error(WSDL, error)
        return
    try:
        theirs = _contracts(chart, chart.services, LIVE, limit)
    except ConfigurationError as error:
        yield _unreadable(chart, error)
    except ErpSyncError as error:
        yield of_error(WSDL, error)
    else:
        yield _compared(chart, _joined(ours, theirs)) if ours else _alone(chart.services)


def compared(ours: Contract, theirs: Contract) -> Difference:
    """How two contracts of one service differ."""
    both = [name for name in ours.operations if name in theirs.operations]
    types = [name for name in ours.members if name in theirs.members]
    return Difference(
        lacking=[name for name in ours.operations if name not in theirs.operations],
        changed=[name for name in both if ours.operations[name] != theirs.operations[name]],
        fewer=[f"{name}.{member}" for name in types for member in sorted(ours.members[name] - theirs.members[name])],
        added=[name for name in theirs.operations if name not in ours.operations],
        more=[f"{name}.{member}" for name in types for member in sorted(theirs.members[name] - ours.members[name])],
    )


def _contracts(chart: Chart, address: Address, wsdl: str | Path | None, limit: Deadline) -> list[Contract]:
    contracts = Contracts(wsdl, address, chart.probe, Timeouts(connect=None, read=None))
    return [contracts.of(service, limit) for service in ("ErpSync", "SoPrincipal")]


def _joined(ours: list[Contract], theirs: list[Contract]) -> Difference:
    """The differences of both services, which have some types in common."""
    differences = [compared(*pair) for pair in zip(ours, theirs, strict=True)]
    return Difference(*(list(dict.fromkeys(chain.from_iterable(parts))) for parts in zip(*differences, strict=True)))


def _alone(address: Address) -> Finding:
    return ok(WSDL, f"the installation's WSDL can be read; there is none of {address.services} here to compare it with")


def _unreadable(chart: Chart, error: ConfigurationError) -> Finding:
    facts: dict[str, Any] = {} if error.status is None else {"status": error.status}
    if chart.setup.wsdl == LIVE:
        fix = "leave out --wsdl live: the bundled WSDL will do, if the version is the same"
        return failed(WSDL, Fault.SETTINGS, error.message, fix, **facts)
    text = f"the client goes by its own, since that of the installation cannot be compared: {error.message}"
    return note(WSDL, text, **facts)


def _compared(chart: Chart, found: Difference) -> Finding:
    facts: dict[str, Any] = {name: names for name, names in found._asdict().items() if names}
    words = []
    for names, say in (
        (found.lacking, "lacks"),
        (found.changed, "has in another form"),
        (found.fewer, "lacks in its types"),
        (found.added, "has more than we know"),
        (found.more, "has more in its types"),
    ):
        if names:
            words.append(f"{say} {_some(names)}")
    if not words:
        return ok(WSDL, "the installation's WSDL says what ours says")
    text = f"the installation {'; it '.join(words)}"
    live = chart.setup.wsdl == LIVE
    if found.lacking or found.changed:
        if live:
            fix = "calls of these are refused before anything is sent; update the installation to have them"
            return warning(WSDL, text, fix, **facts)
        fix = "add --wsdl live, so that the client goes by what is really there; update the installation to have all"
        return failed(WSDL, Fault.SETTINGS, text, fix, **facts)
    if found.fewer and not live:
        fix = "add --wsdl live, so that only what the installation knows is sent"
        return warning(WSDL, text, fix, **facts)
    return note(WSDL, f"{text}; that is passed over", **facts)


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    rest = len(names) - _MOST_SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown
