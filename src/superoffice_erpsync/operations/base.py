"""What one operation of the contract is: its names, arguments, result and nature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from operator import index
from typing import Any, Generic, NamedTuple, SupportsIndex, TypeVar

from superoffice_erpsync.errors import InvalidRequest

T = TypeVar("T")

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def snake_case(wire: str) -> str:
    """The Python name of a wire name: `ErpConnectionId` becomes `erp_connection_id`."""
    return _WORD_STARTS.sub("_", wire).lower()


class Nature(Enum):
    """Whether an operation may be sent again after its answer was lost."""

    READ = "read"
    """Changes nothing: send again."""
    REPEATABLE_WRITE = "repeatable write"
    """The same end state if done twice: send again when the caller asks for it."""
    WRITE = "write"
    """Done twice is not the same as done once: never send again by itself."""


class RestForm(Enum):
    """How the REST API takes an operation's arguments."""

    OBJECT = "object"
    """One JSON object that holds them; no body where there are none."""
    ENTITY = "entity"
    """The only argument is the body itself."""
    QUERY = "query"
    """The only argument is in the query; no body."""


class Argument(NamedTuple):
    """One argument of an operation.

    Attributes:
        wire: Its name on the wire.
        type: Its Python type, in the same terms as the fields of models.
        minimum: Smallest number that makes sense, None for no such limit.
        empty_means_everything: The server takes an empty or missing list for "all there are".
    """

    wire: str
    type: Any
    minimum: int | None = None
    empty_means_everything: bool = False

    @property
    def name(self) -> str:
        """Its Python name."""
        return snake_case(self.wire)


# An operation equals itself alone: it is declared once.
@dataclass(kw_only=True, eq=False)
class Operation(Generic[T]):
    """One operation of the contract.

    Attributes:
        wire: The vendor's name, for example `ForceResync`.
        result: Python type of the result, in the same terms as the fields of models; None for no result. A type that
            does not allow None must be in the answer.
        arguments: In the contract's order.
        nature: Whether it may be sent again; see `nature_of`.
        since: First Services version that has it.
        moves_data: It moves data while the caller waits, so that an answer can take long.
        service: Name of the service that has it.
        response_element: Name of the answer's element.
        result_member: Name of the member that holds the result; None where the answer's element itself is the result.
        identified_by: Member of the only argument that is above zero for a record which exists already: saving such a
            record is repeatable, saving a new one is not.
        rest_form: How the REST API takes the arguments.
        selectable: The REST API can trim the result to some of its members.
    """

    wire: str
    result: Any
    arguments: tuple[Argument, ...] = ()
    nature: Nature
    since: int = 84
    moves_data: bool = False
    service: str = "ErpSync"
    response_element: str = ""
    result_member: str | None = "Response"
    identified_by: str | None = None
    rest_form: RestForm = RestForm.OBJECT
    selectable: bool = True

    def __post_init__(self) -> None:
        if not self.response_element:
            self.response_element = f"{self.wire}Response"

    @property
    def name(self) -> str:
        """Its Python name, which is the facade's method."""
        return snake_case(self.wire)

    def nature_of(self, arguments: Mapping[str, Any]) -> Nature:
        """The nature of a call with these arguments (by Python name)."""
        if self.identified_by is not None:
            record = arguments[self.arguments[0].name]
            number = getattr(record, self.identified_by, 0)
            if isinstance(number, SupportsIndex) and index(number) > 0:
                return Nature.REPEATABLE_WRITE
        return self.nature

    def bind(self, arguments: Mapping[str, Any], *, everything: bool = False) -> dict[str, Any]:
        """The arguments, checked for what no server would tell: a list that is empty by accident, a missing one.

        Args:
            arguments: By Python name.
            everything: The caller means it: all keys there are.

        Raises:
            InvalidRequest: An argument is missing, unknown or out of its range, or a key list is empty without
                `everything=True`.
        """
        unknown = sorted(set(arguments) - {a.name for a in self.arguments})
        if unknown:
            known = ", ".join(a.name for a in self.arguments) or "none"
            raise InvalidRequest(f"unknown argument {unknown[0]}; it takes: {known}", operation=self.wire)
        bound = {}
        for argument in self.arguments:
            if argument.name not in arguments:
                raise InvalidRequest(f"argument {argument.name} is missing", operation=self.wire)
            value = arguments[argument.name]
            if isinstance(value, Iterator):
                # A call may be sent more than once, and an iterator gives its items only once.
                value = list(value)
            low = argument.minimum
            if low is not None and isinstance(value, SupportsIndex) and index(value) < low:
                raise InvalidRequest(
                    f"{argument.name} is {value}, but the smallest that names anything is {low}",
                    operation=self.wire,
                )
            if argument.empty_means_everything:
                value = self._keys(argument, value, everything)
            bound[argument.name] = value
        if everything and not any(a.empty_means_everything for a in self.arguments):
            raise InvalidRequest("everything=True means nothing to this operation", operation=self.wire)
        return bound

    def _keys(self, argument: Argument, value: Any, everything: bool) -> list[Any] | None:
        if isinstance(value, (str, bytes, Mapping)) or not (value is None or isinstance(value, Iterable)):
            raise InvalidRequest(
                f"{argument.name} must be a list of keys, not {type(value).__name__}", operation=self.wire
            )
        keys = None if value is None else list(value)
        if everything and keys:
            raise InvalidRequest(f"everything=True contradicts {len(keys)} {argument.name}", operation=self.wire)
        if not everything and not keys:
            raise InvalidRequest(
                f"{argument.name} is empty, which the server takes for every key there is",
                operation=self.wire,
                hint="pass everything=True if that is meant",
            )
        if keys and not _all_texts(keys):
            for place, key in enumerate(keys):
                if key is None or (isinstance(key, str) and not key.strip()):
                    raise InvalidRequest(f"{argument.name}[{place}] is blank", operation=self.wire)
        return keys


def _all_texts(keys: list[Any]) -> bool:
    """Whether all are texts that are not blank: mostly they are, and this tells it without a loop."""
    try:
        return all(map(str.strip, keys))
    except TypeError:
        return False
