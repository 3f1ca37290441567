"""From the REST API's JSON to dataclasses: one reader for each shape, made once. Success is checked here as well.

The rules are those of SOAP answers in JSON's sense: null is nil; what is absent, or null where a value is due, has the
contract's default; names that are not known are passed over.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn, TypeAlias, TypeVar

from superoffice_erpsync.codec import values
from superoffice_erpsync.codec.problems import Unreadable
from superoffice_erpsync.codec.shapes import (
    DictOf,
    Enumeration,
    Kind,
    ListOf,
    Mask,
    Member,
    Model,
    Scalar,
    Shape,
    allows_none,
    is_value,
    shape_of,
)
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.operations import Operation

T = TypeVar("T")

Read: TypeAlias = Callable[[Any], Any]


# -- documents ---------------------------------------------------------------------------------------------------------


def parse(data: bytes) -> Any:
    """The JSON value in an answer.

    Raises:
        Unreadable: It is not JSON, has a name twice in one object, or a number that JSON does not know.
    """
    if not data.strip():
        raise Unreadable("nothing came where JSON is due")
    try:
        text = data.decode(json.detect_encoding(data))
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except ValueError as problem:
        raise Unreadable(f"not JSON: {problem}") from None
    try:
        values.check_text(text)
    except ValueError as problem:
        raise Unreadable(f"a text {problem}") from None
    if _ESCAPES.search(text):
        _check_texts(value)
    return value


# Escapes that may stand for a character which no CRM can keep, looked for once instead of in every text.
_ESCAPES = re.compile(r"\\(?:[bf]|u(?:00[01]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")


def _check_texts(value: Any) -> None:
    match value:
        case str():
            try:
                values.check_text(value)
            except ValueError as problem:
                raise Unreadable(f"a text {problem}") from None
        case list():
            for one in value:
                _check_texts(one)
        case dict():
            for key, one in value.items():
                _check_texts(key)
                _check_texts(one)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise Unreadable(f"{name!r} stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is no number of JSON")


# -- results -----------------------------------------------------------------------------------------------------------


def answer(operation: Operation[T], data: bytes, *, status: int, scrub: Callable[[str], str] = str) -> T:
    """The result in an answer that came with a status of success.

    Args:
        operation: What was called.
        data: The body of the HTTP answer.
        status: 200, or 204 for an answer without content.
        scrub: Removes secrets from what a server says before it goes into an error.

    Raises:
        ServerFault: The answer is an error object.
        ProtocolError: The answer is not what the contract says.
    """
    return _understood(operation, data, status, scrub, result)  # type: ignore[no-any-return]


def result(operation: Operation[Any], value: Any) -> Any:
    """The result of an operation from its JSON value."""
    if operation.result is None:
        if value is not None:
            raise Unreadable("content where none is due")
        return None
    shape = shape_of(operation.result)
    if value is None:
        if is_value(shape) or not allows_none(operation.result):
            raise Unreadable("null, and no default can stand for it")
        return None
    return _reader(shape)(value)


def plain(operation: Operation[Any], data: bytes, *, status: int, scrub: Callable[[str], str] = str) -> Any:
    """The JSON values of an answer as they came, for answers that were trimmed on the server.

    Args:
        operation: What was called.
        data: The body of the HTTP answer.
        status: 200, or 204 for an answer without content.
        scrub: Removes secrets from what a server says before it goes into an error.

    Raises:
        ServerFault: The answer is an error object.
        ProtocolError: The answer is not JSON.
    """
    return _understood(operation, data, status, scrub, lambda _, value: value)


def _understood(
    operation: Operation[Any],
    data: bytes,
    status: int,
    scrub: Callable[[str], str],
    read: Callable[[Operation[Any], Any], Any],
) -> Any:
    try:
        value = _content(operation, data, status)
        said = error_object(operation, value)
        if said is not None:
            raise fault(operation.wire, status, said, scrub)
        return read(operation, value)
    except Unreadable as problem:
        path, reason = problem.path, problem.reason
    except RecursionError:
        path, reason = "", "nested too deep"
    where = f"at {path}: " if path else ""
    error = ProtocolError(
        scrub(f"the answer cannot be understood: {where}{reason}"), operation=operation.wire, status=status
    )
    error.path = scrub(path) or None
    raise error


def _content(operation: Operation[Any], data: bytes, status: int) -> Any:
    # A body with 204, which some servers send, has nothing to say; and where nothing is due, nothing may come with 200.
    if status == 204 or (operation.result is None and not data.strip()):
        return None
    return parse(data)


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
    match None if operation.result is None else shape_of(operation.result):
        case DictOf():
            is_error = set(value) == _DOCUMENTED
        case Model() as model if any(member.wire in value for member in model.members):
            is_error = False
        case _:
            is_error = "ErrorMessage" in value or ("Message" in value and set(value) <= _ERROR_MEMBERS)
    return _said(value) if is_error else None


def error_in(data: bytes) -> ErrorText | None:
    """What an error object says that came with a status of failure, None where there is none."""
    try:
        value = parse(data)
    except (Unreadable, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    # No result comes with such a status, so that names in another spelling cannot be anything else either.
    named = {_SPELLINGS[name.lower()]: one for name, one in value.items() if name.lower() in _SPELLINGS}
    telling = (named.get(name) for name in ("Message", "ErrorMessage", "ErrorType"))
    return _said(named) if any(isinstance(one, str) for one in telling) else None


_SPELLINGS = {
    name.lower(): name
    for name in ("Message", "MessageDetail", "ExceptionMessage", "ExceptionType", "ErrorMessage", "ErrorType")
}


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


# -- readers -----------------------------------------------------------------------------------------------------------


@cache
def _reader(shape: Shape) -> Read:
    """The reader for values of this shape that are not null."""
    match shape:
        case Scalar(kind):
            return _SCALARS[kind]
        case Enumeration(cls):
            return lambda value: cls.keep(_name(value))
        case Mask(cls):
            return lambda value: values.parse_mask_names(_text(value), cls)
        case ListOf(item):
            return _list(item)
        case DictOf():
            return _dict(shape)
        case Model():
            return _model(shape)


def _wrong(value: Any, wanted: str) -> Unreadable:
    kinds = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "an array",
        dict: "an object",
    }
    return Unreadable(f"{kinds.get(type(value), 'null')} where {wanted} is due")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise _wrong(value, "a text")
    return value


def _name(value: Any) -> str:
    name = _text(value).strip(values.XML_SPACE)
    if not name:
        raise Unreadable("empty where a name is due")
    return name


def _int(value: Any) -> int:
    if type(value) is not int:
        raise _wrong(value, "a whole number")
    if not values.INT_MIN <= value <= values.INT_MAX:
        raise Unreadable("outside the 32 bits of an integer")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise _wrong(value, "true or false")
    return value


def _parsed(parse_text: Callable[[str], Any]) -> Read:
    def read(value: Any) -> Any:
        try:
            return parse_text(_text(value))
        except ValueError as problem:
            raise Unreadable(str(problem)) from None

    return read


_SCALARS: dict[Kind, Read] = {
    Kind.STRING: _text,
    Kind.INT: _int,
    Kind.BOOLEAN: _boolean,
    Kind.DURATION: _parsed(values.parse_time_span),
    Kind.DATE_TIME: _parsed(lambda text: values.parse_date_time(text, bare_offset=True)),
    Kind.BASE64: _parsed(values.parse_base64),
}


def _list(item: Shape) -> Read:
    value_type = is_value(item)

    def read(value: Any) -> Any:
        if type(value) is not list:
            raise _wrong(value, "an array")
        read_item = _reader(item)
        items: list[Any] = []
        try:
            for one in value:
                if one is None and value_type:
                    raise Unreadable("null where a value is due")
                items.append(None if one is None else read_item(one))
        except Unreadable as problem:
            problem.inside(f"[{len(items)}]")
            raise
        return items

    return read


def _dict(shape: DictOf) -> Read:
    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise _wrong(value, "an object")
        read_one = _reader(shape.value)
        entries = shape.factory()
        for key, one in value.items():
            try:
                entries[key] = None if one is None else read_one(one)
            except Unreadable as problem:
                problem.inside(key)
                raise
        return entries

    return read


def _model(shape: Model) -> Read:
    cls = shape.cls
    by_wire: dict[str, Member] = {member.wire: member for member in shape.members}
    required = [member for member in shape.members if member.required]

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise _wrong(value, "an object")
        found: dict[str, Any] = {}
        for wire, one in value.items():
            member = by_wire.get(wire)
            if member is None or one is None:
                continue
            try:
                found[member.name] = _reader(member.shape)(one)
            except Unreadable as problem:
                problem.inside(wire)
                raise
        for member in required:
            if member.name not in found:
                missing = Unreadable("absent or null, and no default can stand for it")
                missing.inside(member.wire)
                raise missing
        return cls(**found)

    return read
