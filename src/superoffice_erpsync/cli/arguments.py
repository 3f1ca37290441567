"""The input of `call`: which operation, and its arguments as JSON."""

from __future__ import annotations

import difflib
import json
from typing import Any, NoReturn

from superoffice_erpsync.cli.texts import decoded, read_input, shown_name
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.operations import OPERATIONS, Operation
from superoffice_erpsync.redaction import MASK, SECRET_ELEMENTS

_LOGIN = "Authenticate"


def find_operation(name: str) -> Operation[Any]:
    """The operation of that name: the vendor's, in any case, or the Python method's.

    Raises:
        InvalidRequest: There is none, or it is a login.
    """
    operation = OPERATIONS.get(name)
    if operation is None:
        wanted = name.casefold()
        operation = next(
            (one for one in OPERATIONS.values() if wanted in (one.wire.casefold(), one.name.casefold())), None
        )
    if operation is None:
        raise InvalidRequest(f"there is no operation {name}", hint=_nearest(name))
    if operation.wire.startswith(_LOGIN):
        raise InvalidRequest(
            f"{operation.wire} is not called by itself",
            hint="the command logs in when it needs to, with --username and ERPSYNC_PASSWORD or ERPSYNC_TICKET",
        )
    return operation


def callable_names() -> list[str]:
    """The operations that can be called by name, without the logins."""
    return sorted(wire for wire in OPERATIONS if not wire.startswith(_LOGIN))


def read_arguments(given: str | None) -> Any:
    """The arguments: JSON itself, `@file`, or `-` for standard input; none where nothing is given.

    Raises:
        InvalidRequest: It cannot be read, or is not JSON.
    """
    if given is None:
        return {}
    if given != "-" and not given.startswith("@"):
        return _parsed(given, "the arguments")
    name = given.removeprefix("@")
    source, content = shown_name(name), read_input(name)
    try:
        text = decoded(content)
    except ValueError as problem:
        raise InvalidRequest(f"{source}: {problem}") from None
    return _parsed(text, source)


def refuse_masks(given: Any) -> None:
    """Refuse what was shown with its secrets masked: stored as it is, the mask would take the place of a password.

    Raises:
        InvalidRequest: A secret member holds the mask.
    """
    match given:
        case dict():
            for name, value in given.items():
                if name in SECRET_ELEMENTS and (value == MASK or (isinstance(value, dict) and MASK in value.values())):
                    raise InvalidRequest(
                        f"{name} holds {MASK}, which is shown in the place of secrets",
                        hint="take what erpsync connections show --show-secrets shows",
                    )
                refuse_masks(value)
        case list():
            for one in given:
                refuse_masks(one)


def _parsed(text: str, source: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_no_name_twice)
    except json.JSONDecodeError as problem:
        raise InvalidRequest(
            f"{source}, line {problem.lineno}, column {problem.colno}: not JSON, {problem.msg}",
            hint='an object is wanted, as in {"ErpConnectionId": 1}; quoting is easier with @file or -',
        ) from None
    except RecursionError:
        raise InvalidRequest(f"{source}: nested too deeply") from None
    except ValueError as problem:
        raise InvalidRequest(f"{source}: {problem}") from None


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"not JSON, {constant} is no number")


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} is there twice")
        found[name] = value
    return found


def _nearest(name: str) -> str:
    by_folded = {wire.casefold(): wire for wire in callable_names()}
    folded = name.replace("_", "").casefold()
    close = difflib.get_close_matches(folded, by_folded, n=4, cutoff=0.5)
    close += [one for one in by_folded if folded and folded in one and one not in close][:4]
    names = [by_folded[one] for one in close]
    return f"nearest: {', '.join(names)}" if names else f"there are: {', '.join(callable_names())}"
