"""The result of any operation, as `call` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.answers import code_of, code_of_answer
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.listing import show_rows
from superoffice_erpsync.cli.output import Output, print_json
from superoffice_erpsync.codec.shapes import ListOf, Model, shape_of
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.operations import OPERATIONS

if TYPE_CHECKING:
    from superoffice_erpsync.operations import Operation


def columns_of(operation: Operation[Any], select: Sequence[str] = ()) -> list[str]:
    """The columns of an operation's result in CSV: the members of the objects that it lists.

    Args:
        operation: The operation.
        select: The members that the server is asked for; none for all.

    Raises:
        InvalidRequest: Its result is no list of objects. It is asked before the call is made.
    """
    columns = _columns(operation)
    if columns is None:
        listing = ", ".join(sorted(wire for wire, one in OPERATIONS.items() if _columns(one) is not None))
        raise InvalidRequest(
            "CSV needs a list of objects, and the result of this operation is none",
            operation=operation.wire,
            hint=f"take --output json or ndjson; CSV can be had of {listing}",
        )
    kept = {name.partition("/")[0].casefold() for name in select}
    return [name for name in columns if not kept or name.casefold() in kept]


def show_result(operation: Operation[Any], result: Any, output: Output) -> ExitCode:
    """Show an operation's result with the vendor's names: JSON, also where a table is asked for, NDJSON, or CSV."""
    from superoffice_erpsync.codec.rest import to_json

    _show(operation, to_json(result), output, ())
    return code_of_answer(result)


def show_trimmed(operation: Operation[Any], result: Any, output: Output, select: Sequence[str]) -> ExitCode:
    """Show an answer that the server trimmed, as it came. A no can be told where `IsOk` was kept."""
    _show(operation, result, output, select)
    return code_of(not (isinstance(result, dict) and result.get("IsOk") is False))


def _show(operation: Operation[Any], result: Any, output: Output, select: Sequence[str]) -> None:
    match output:
        case Output.CSV:
            show_rows(operation.wire, result or (), columns_of(operation, select), output)
        case Output.NDJSON if isinstance(result, list):
            for one in result:
                if not print_json(one, on_one_line=True):
                    return
        case _:
            print_json(result, on_one_line=output is Output.NDJSON)


def _columns(operation: Operation[Any]) -> list[str] | None:
    if operation.result is None:
        return None
    match shape_of(operation.result):
        case ListOf(item=Model() as model):
            return [member.wire for member in model.members]
    return None
