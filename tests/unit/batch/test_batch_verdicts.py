"""What an error means for a chunk, and that all of it can go to another process and back."""

from __future__ import annotations

import pickle

import pytest

from superoffice_erpsync.batch.chunk import ChunkCall, Verdict, answer_of_error
from superoffice_erpsync.errors import (
    AuthenticationError,
    ConfigurationError,
    InvalidRequest,
    OperationNotAvailable,
    Outcome,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.models import ErpActorType


def too_large() -> ServerFault:
    fault = ServerFault("too large", status=413)
    fault.too_large = True
    return fault


def lost_and_too_large() -> ServerFault:
    """As after an attempt of the client's own, whose answer was lost."""
    fault = too_large()
    fault.outcome = Outcome.UNKNOWN
    return fault


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (AuthenticationError("no"), Verdict.STOP_LOGIN),
        (ConfigurationError("no"), Verdict.STOP_CONFIGURATION),
        (OperationNotAvailable("no"), Verdict.STOP_CONFIGURATION),
        (InvalidRequest("no"), Verdict.REFUSED),
        (too_large(), Verdict.TOO_LARGE),
        (lost_and_too_large(), Verdict.UNKNOWN),
        (ServerFault("a Fault", status=500, code="InternalServiceFault"), Verdict.REFUSED),
        (ServerFault("Succeeded=false", status=200), Verdict.REFUSED),
        (ServerFault("bad request", status=400), Verdict.REFUSED),
        (ServerFault("not found", status=404), Verdict.NOT_SENT),
        (ServerFault("busy", status=429, can_repeat=True), Verdict.NOT_SENT),
        (ServerFault("down", status=503), Verdict.NOT_SENT),
        (ServerFault("gateway", status=502, outcome=Outcome.UNKNOWN), Verdict.UNKNOWN),
        (ServerFault("500 without a word", status=500, outcome=Outcome.UNKNOWN), Verdict.UNKNOWN),
        (TransportError("refused"), Verdict.NOT_SENT),
        (TransportError("cut", outcome=Outcome.UNKNOWN), Verdict.UNKNOWN),
        (RequestTimeout("late", outcome=Outcome.UNKNOWN), Verdict.UNKNOWN),
        (ProtocolError("a page"), Verdict.UNKNOWN),
    ],
)
def test_an_error_has_one_meaning(error, verdict):
    answer = answer_of_error(7, error)
    assert (answer.number, answer.verdict, answer.error) == (7, verdict, type(error).__name__)
    assert answer.outcome == str(error.outcome)
    assert pickle.loads(pickle.dumps(answer)) == answer


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (AuthenticationError("no", operation="Login"), Verdict.STOP_LOGIN),
        (ConfigurationError("no", operation="Login"), Verdict.STOP_CONFIGURATION),
        (InvalidRequest("a name that cannot be written", operation="Login"), Verdict.STOP_CONFIGURATION),
        (ServerFault("a Fault", operation="Login", status=500), Verdict.NOT_SENT),
        (ServerFault("a Fault", operation="ForceResync", status=500), Verdict.REFUSED),
        (ProtocolError("a page", operation="WSDL", outcome=Outcome.NOT_SENT), Verdict.NOT_SENT),
    ],
)
def test_what_fails_on_the_way_to_a_call_says_nothing_of_its_keys(error, verdict):
    assert answer_of_error(7, error, operation="ForceResync").verdict is verdict


def test_a_call_has_the_arguments_of_its_operation():
    call = ChunkCall(number=1, operation="ForceResync", connection_id=0, actor_type=None, keys=("7", "8"))
    assert call.arguments() == {"erp_connection_id": 0, "internal_key_ids": [7, 8]}
    call = ChunkCall(number=1, operation="ForceResyncExternal", connection_id=2, actor_type="Person", keys=("P1",))
    assert call.arguments() == {
        "erp_connection_id": 2,
        "erp_actor_type": ErpActorType.PERSON,
        "external_keys": ("P1",),
    }
    assert pickle.loads(pickle.dumps(call)) == call


def test_an_explanation_is_not_kept_whole_when_it_is_very_long():
    answer = answer_of_error(1, ProtocolError("x" * 100_000))
    assert answer.explanation is not None
    assert len(answer.explanation) < 5_000


def test_an_explanation_that_names_a_file_can_be_kept_whatever_the_file_is_called():
    answer = answer_of_error(1, ConfigurationError("there is no ca\udcff.pem"))
    assert answer.explanation == "there is no ca\\udcff.pem"
