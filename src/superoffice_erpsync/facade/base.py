"""What the facade's classes have in common: the way down to a transport."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, TypeVar

from superoffice_erpsync.operations import Operation
from superoffice_erpsync.options import CallOptions

T = TypeVar("T")


class Facade(ABC):
    """One noun's methods. Each is its signature, its docstring and one line."""

    @abstractmethod
    def _call(
        self, operation: Operation[T], options: CallOptions, /, *, everything: bool = False, **arguments: Any
    ) -> T:
        """Carry out an operation with arguments by Python name."""
