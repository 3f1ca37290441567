"""What a REST request carries: an operation's arguments as JSON values by wire name, checked before they leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.codec.problems import Unwritable
from superoffice_erpsync.codec.rest.write import writer
from superoffice_erpsync.codec.shapes import allows_none, shape_of
from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.operations import Operation


def request_arguments(operation: Operation[Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as JSON values by wire name, in the contract's order.

    Args:
        operation: What to call.
        arguments: By Python name, all of them.

    Raises:
        InvalidRequest: A value cannot be sent; the message has its path, and never the value of a text.
    """
    written = {}
    for argument in operation.arguments:
        try:
            value = arguments[argument.name]
            if value is None and not allows_none(argument.type):
                raise Unwritable("None where a value is due")
            written[argument.wire] = writer(shape_of(argument.type))(value)
        except Unwritable as problem:
            problem.inside(argument.name)
            raise InvalidRequest(f"{problem.path}: {problem.reason}", operation=operation.wire) from None
        except RecursionError:
            raise InvalidRequest(
                f"{argument.name}: nested too deep, or it holds itself", operation=operation.wire
            ) from None
    return written
