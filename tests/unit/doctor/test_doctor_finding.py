"""Findings: which level is the worst, and what an error becomes."""

from __future__ import annotations

import pytest

from superoffice_erpsync.doctor import Fault, Level, worst
from superoffice_erpsync.doctor.finding import of_error
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    InvalidRequest,
    OperationRefused,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TlsError,
)


def test_a_failure_is_worse_than_anything() -> None:
    assert worst([]) is Level.OK
    assert worst([Level.OK, Level.SKIPPED]) is Level.SKIPPED
    assert worst([Level.WARNING, Level.NOTE, Level.SKIPPED]) is Level.WARNING
    assert worst(Level) is Level.FAILED


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ConfigurationError("x"), Fault.SETTINGS),
        (InvalidRequest("x"), Fault.SETTINGS),
        (AuthenticationError("x"), Fault.LOGIN),
        (RequestTimeout("x"), Fault.UNREACHED),
        (TlsError("x"), Fault.UNREACHED),
        (ServerFault("x"), Fault.SERVER),
        (ProtocolError("x"), Fault.NOT_UNDERSTOOD),
        (OperationRefused("x"), Fault.REFUSED),
    ],
)
def test_every_error_has_its_fault_and_something_to_do(error: ErpSyncError, fault: Fault) -> None:
    finding = of_error("system", error)
    assert (finding.fault, finding.level) == (fault, Level.FAILED)
    assert finding.fix
    assert of_error("system", ServerFault("x", hint="ask them")).fix == "ask them"
