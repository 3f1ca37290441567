"""The examination: the steps in their order, and which of them cannot be taken once another has failed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import NamedTuple

from superoffice_erpsync.doctor import (
    certificates,
    clocks,
    connections,
    contracts,
    engines,
    logins,
    names,
    neighbours,
    proxying,
    reaching,
    settings,
    systems,
    web_answers,
)
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.doctor.finding import Finding, Level, of_error, skipped
from superoffice_erpsync.doctor.setup import Setup
from superoffice_erpsync.errors import ErpSyncError


class _Step(NamedTuple):
    name: str
    needs: tuple[str, ...]
    look: Callable[[Chart], Iterator[Finding]]


_STEPS = (
    _Step(settings.SETTINGS, (), settings.look),
    _Step(names.DNS, (settings.SETTINGS,), names.look),
    _Step(reaching.TCP, (names.DNS,), reaching.look),
    _Step(proxying.PROXY, (reaching.TCP,), proxying.look),
    _Step(certificates.TLS, (proxying.PROXY,), certificates.look),
    _Step(web_answers.HTTP, (certificates.TLS,), web_answers.look),
    _Step(clocks.CLOCK, (web_answers.HTTP,), clocks.look),
    _Step(contracts.WSDL, (web_answers.HTTP,), contracts.look),
    _Step(neighbours.VERSIONS, (web_answers.HTTP,), neighbours.look),
    _Step(systems.SYSTEM, (web_answers.HTTP,), systems.look),
    _Step(systems.LICENCE, (systems.SYSTEM,), systems.look_at_licence),
    _Step(logins.LOGIN, (systems.SYSTEM,), logins.look),
    _Step(logins.RIGHTS, (logins.LOGIN,), logins.look_at_rights),
    _Step(engines.ENGINE, (logins.LOGIN,), engines.look),
    _Step(connections.CONNECTIONS, (logins.LOGIN,), connections.look),
)

STEPS = tuple(step.name for step in _STEPS)
"""Names of the steps, in their order; each connection has two more, `connection ID` and `fields ID`."""


def examine(setup: Setup) -> Generator[Finding, None, None]:
    """Look at an installation step by step, from the settings to the fields of each connection.

    Nothing is changed: all calls are reads, and TestConnectionById has the server ask the ERP. Steps before `login`
    carry no login, but for `system` one that the web server asks for, as a Windows account's; redirects are not
    followed. A login is sent once.

    Args:
        setup: The installation and the way to it.

    Returns:
        Findings as they are made; a step that an earlier one leaves no sense in is skipped. Connections are closed
        when the last one was taken, or the iterator is.
    """
    try:
        chart = settings.opened(setup)
    except ErpSyncError as error:
        yield from unusable(error)
        return
    try:
        yield from (finding.masked(chart.masked) for finding in _findings(chart))
    finally:
        chart.close()


def unusable(problem: ErpSyncError) -> Generator[Finding, None, None]:
    """The findings on settings that cannot be used: what is wrong with them, and that all else is skipped.

    Args:
        problem: Why.
    """
    yield of_error(settings.SETTINGS, problem)
    yield from (skipped(name, f"{settings.SETTINGS} failed") for name in STEPS[1:])


def _findings(chart: Chart) -> Iterator[Finding]:
    causes: dict[str, str] = {}
    for step in _STEPS:
        cause = next((causes[need] for need in step.needs if need in causes), None)
        if cause is not None:
            causes[step.name] = cause
            yield skipped(step.name, cause)
            continue
        for finding in step.look(chart):
            if finding.step == step.name:
                if finding.level is Level.FAILED:
                    causes[step.name] = f"{step.name} failed"
                elif finding.level is Level.SKIPPED:
                    causes[step.name] = finding.text.removeprefix("skipped: ")
            yield finding
