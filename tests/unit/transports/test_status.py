"""What an HTTP status alone stands for."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    ErpSyncError,
    Outcome,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.transports.http import HttpAnswer, HttpRequest
from superoffice_erpsync.transports.status import retry_after, status_error

REJECTED, UNKNOWN, NOT_SENT = Outcome.REJECTED, Outcome.UNKNOWN, Outcome.NOT_SENT

REQUEST = HttpRequest(operation="SyncAll", method="POST", url="http://127.0.0.1/x", body=b"<x/>")


def error_for(
    status: int, reason: str = "", headers: Mapping[str, str] | None = None, said: str | None = None
) -> ErpSyncError:
    answer = HttpAnswer(status=status, reason=reason, headers=headers or {}, body=(said or "").encode())
    error = status_error(answer, REQUEST, said)
    assert error is not None
    return error


def test_200_is_no_error() -> None:
    assert status_error(HttpAnswer(status=200, reason="OK", headers={}, body=b""), REQUEST, None) is None


@pytest.mark.parametrize(
    ("status", "kind", "outcome", "can_repeat"),
    [
        (202, ServerFault, UNKNOWN, False),
        (204, ServerFault, UNKNOWN, False),
        (301, ConfigurationError, REJECTED, False),
        (302, ConfigurationError, REJECTED, False),
        (304, ConfigurationError, REJECTED, False),
        (307, ConfigurationError, REJECTED, False),
        (308, ConfigurationError, REJECTED, False),
        (400, ServerFault, REJECTED, False),
        (401, AuthenticationError, REJECTED, False),
        (403, AuthenticationError, REJECTED, False),
        (404, ServerFault, REJECTED, False),
        (405, ServerFault, REJECTED, False),
        (407, TransportError, NOT_SENT, False),
        (413, ServerFault, REJECTED, False),
        (415, ServerFault, REJECTED, False),
        (429, ServerFault, REJECTED, True),
        (500, ServerFault, UNKNOWN, False),
        (501, ServerFault, REJECTED, False),
        (502, ServerFault, UNKNOWN, False),
        (503, ServerFault, REJECTED, True),
        (504, ServerFault, UNKNOWN, False),
        (520, ServerFault, UNKNOWN, False),
        (524, ServerFault, UNKNOWN, False),
    ],
)
def test_status_has_a_class_and_an_outcome(
    status: int, kind: type[ErpSyncError], outcome: Outcome, can_repeat: bool
) -> None:
    error = error_for(status, "Some Reason")
    assert (type(error), error.outcome, error.can_repeat) == (kind, outcome, can_repeat)
    assert error.status == status
    assert error.operation == "SyncAll"
    assert f"HTTP {status} Some Reason" in error.message


@pytest.mark.parametrize("status", [int(one) for one in HTTPStatus if one not in (100, 101, 102, 103, 200)])
def test_no_other_status_passes_for_success(status: int) -> None:
    assert error_for(status).status == status


@pytest.mark.parametrize(
    ("status", "reason", "said", "hint"),
    [
        (404, "Not Found", None, "check the address"),
        (404, "404.13 Content Length Too Large", None, "fewer keys"),
        (404, "Not Found", "an HTML page titled 'IIS 404.13 - Not Found'", "fewer keys"),
        (405, "", None, "check the address"),
        (413, "", None, "fewer keys"),
        (415, "", None, "SOAP 1.1"),
        (302, "Found", None, "redirects are not followed"),
        (401, "", None, "another kind of login"),
    ],
)
def test_hint_says_what_to_do(status: int, reason: str, said: str | None, hint: str) -> None:
    error = error_for(status, reason, said=said)
    assert hint in str(error.hint)
    assert hint in str(error)


def test_what_the_body_seems_to_be_is_said() -> None:
    assert "with an HTML page titled 'Login'" in error_for(404, said="an HTML page titled 'Login'").message


def test_target_of_a_redirect_is_said_without_its_query() -> None:
    error = error_for(302, headers={"Location": "https://login.example.com/adfs?secret=1"})
    assert "a redirect to https://login.example.com/adfs" in error.message
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("0", 0.0), ("120", 120.0), (" 7 ", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_retry_after_says_seconds(header: str, seconds: float) -> None:
    assert retry_after(header) == seconds


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "٣", "Wed, 32 Oct 2015 07:28:00 GMT"])
def test_retry_after_that_says_nothing(header: str | None) -> None:
    assert retry_after(header) is None


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0000"])
def test_retry_after_can_be_a_date(zone: str) -> None:
    date = email.utils.format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True).replace("GMT", zone)
    seconds = retry_after(date)
    assert seconds is not None
    assert 80 < seconds <= 90


def test_retry_after_is_kept_in_the_error() -> None:
    error = error_for(503, headers={"Retry-After": "30"})
    assert isinstance(error, ServerFault)
    assert error.retry_after == 30.0
