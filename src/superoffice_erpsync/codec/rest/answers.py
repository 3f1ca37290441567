"""Answers of the REST API: results, and what an error object says. Success is checked here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias, TypeVar

from superoffice_erpsync.codec import LONG_ANSWER
from superoffice_erpsync.codec.problems import Deviates, Unreadable
from superoffice_erpsync.codec.rest.decode import reader
from superoffice_erpsync.codec.rest.document import check_finite, parse
from superoffice_erpsync.codec.rest.spelling import take_out_runs
from superoffice_erpsync.codec.runs import Runs
from superoffice_erpsync.codec.shapes import DictOf, Model, allows_none, is_value, shape_of
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.process import collector

T = TypeVar("T")


# -- results -----------------------------------------------------------------------------------------------------------


def answer(
    operation: Operation[T], data: bytes, *, status: int, scrub: Callable[[str], str] = str, depth: int = 100
) -> T:
    """The result in an answer that came with a status of success.

    Args:
        operation: What was called.
        data: The body of the HTTP answer.
        status: 200, or 204 for an answer without content.
        scrub: Removes secrets from what a server says before it goes into an error.
        depth: How many values may stand in each other.

    Raises:
        ServerFault: The answer is an error object.
        ProtocolError: The answer is not what the contract says.
    """
    with collector.paused():
        taken_out = take_out_runs(data, operation.result) if status != 204 and len(data) >= LONG_ANSWER else None
        if taken_out is not None:
            left, runs = taken_out
            # Whatever is wrong is told by reading the answer as it came.
            with suppress(Deviates, Unreadable, RecursionError):
                value = parse(left, depth)
                if error_object(operation, value) is None:
                    found = result(operation, value, runs)
                    runs.check_all_taken()
                    return found  # type: ignore[no-any-return]
        return _understood(operation, data, status, scrub, depth, result)  # type: ignore[no-any-return]


def result(operation: Operation[Any], value: Any, runs: Runs | None = None) -> Any:
    """The result of an operation from its JSON value, and from what was taken out of the answer."""
    if operation.result is None:
        if value is not None:
            raise Unreadable("content where none is due")
        return None
    shape = shape_of(operation.result)
    if value is None:
        if is_value(shape) or not allows_none(operation.result):
            raise Unreadable("null, and no default can stand for it")
        return None
    return reader(shape)(value, runs)


def _as_it_came(_operation: Operation[Any], value: Any) -> Any:
    check_finite(value)
    return value


def plain(
    operation: Operation[Any], data: bytes, *, status: int, scrub: Callable[[str], str] = str, depth: int = 100
) -> Any:
    """The JSON values of an answer as they came, for answers that were trimmed on the server.

    Args:
        operation: What was called.
        data: The body of the HTTP answer.
        status: 200, or 204 for an answer without content.
        scrub: Removes secrets from what a server says before it goes into an error.
        depth: How many values may stand in each other.

    Raises:
        ServerFault: The answer is an error object.
        ProtocolError: The answer is not JSON.
    """
    with collector.paused():
        return _understood(operation, data, status, scrub, depth, _as_it_came)


def _understood(
    operation: Operation[Any],
    data: bytes,
    status: int,
    scrub: Callable[[str], str],
    depth: int,
    read: Callable[[Operation[Any], Any], Any],
) -> Any:
    try:
        value = _content(operation, data, status, depth)
        said = error_object(operation, value)
        if said is not None:
            raise fault(operation.wire, status, said, scrub)
        return read(operation, value)
    except Unreadable as problem:
        path, reason = problem.path, problem.reason
    except RecursionError:
        path, reason = "", "nested too deep for what is left of Python's stack"
    where = f"at {path}: " if path else ""
    error = ProtocolError(
        scrub(f"the answer cannot be understood: {where}{reason}"), operation=operation.wire, status=status
    )
    error.path = scrub(path) or None
    raise error


def _content(operation: Operation[Any], data: bytes, status: int, depth: int) -> Any:
    # A body with 204, which some servers send, has nothing to say; and where nothing is due, nothing may come with 200.
    if status == 204 or (operation.result is None and not data.strip()):
        return None
    return parse(data, depth)


# -- error objects -----------------------------------------------------------------------------------------------------

ErrorText: TypeAlias = tuple[str, str]
"""What a server says in an error object: its words, and its code or an empty text."""

_DOCUMENTED = frozenset({"Message", "MessageDetail"})
_ERROR_MEMBERS = _DOCUMENTED | {"ModelState", "ExceptionMessage", "ExceptionType", "StackTrace", "InnerException"}


def error_object(operation: Operation[Any], value: Any) -> ErrorText | None:
    """What an error object says that came with a status of success, None where the value is a result.

    There are two documented forms, and ASP.NET's own. A dictionary can have any names: for one, only what cannot be
    anything else is an error.
    """
    if not isinstance(value, dict):
        return None
    if value.get("Error") is True:
        return _said(value)
    named = _in_our_spelling(value)
    match None if operation.result is None else shape_of(operation.result):
        case DictOf():
            is_error = set(named) == _DOCUMENTED
        case Model() as model if any(member.wire in value for member in model.members):
            is_error = False
        case _:
            is_error = "ErrorMessage" in named or ("Message" in named and set(named) <= _ERROR_MEMBERS)
    return _said(named) if is_error else None


def error_in(data: bytes, *, depth: int = 100) -> ErrorText | None:
    """What an error object says that came with a status of failure, None where there is none.

    Args:
        data: The body of the HTTP answer.
        depth: How many values may stand in each other.
    """
    try:
        value = parse(data, depth)
    except (Unreadable, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    # No result comes with such a status, so that names in another spelling cannot be anything else either.
    named = _in_our_spelling(value)
    telling = (named.get(name) for name in ("Message", "ErrorMessage", "ErrorType"))
    return _said(named) if any(isinstance(one, str) for one in telling) else None


_SPELLINGS = {name.lower(): name for name in (*_ERROR_MEMBERS, "ErrorMessage", "ErrorType")}


def _in_our_spelling(value: dict[str, Any]) -> dict[str, Any]:
    return {_SPELLINGS.get(name.lower(), name): one for name, one in value.items()}


def _said(value: dict[str, Any]) -> ErrorText:
    words = [value.get(name) for name in ("ErrorMessage", "Message", "MessageDetail", "ExceptionMessage")]
    codes = [value.get(name) for name in ("ErrorType", "ExceptionType")]
    text = ": ".join(one.strip().rstrip(".:") for one in words if isinstance(one, str) and one.strip())
    code = next((one.strip() for one in codes if isinstance(one, str)), "")
    return text or "no reason given", code


def fault(operation: str, status: int, said: ErrorText, scrub: Callable[[str], str]) -> ServerFault:
    """The error for what an error object says."""
    text, code = said
    kind = f" [{code}]" if code else ""
    return ServerFault(
        scrub(f"the server reports an error: {text}{kind}"),
        operation=operation,
        status=status,
        code=scrub(code) or None,
    )
