"""What every transport is: one call and a close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Protocol, TypeVar

from superoffice_erpsync.errors import ErpSyncError
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.options import EffectiveOptions
from superoffice_erpsync.redaction import SECRET_ELEMENTS, Secret, scrub

T = TypeVar("T")
E = TypeVar("E", bound=ErpSyncError)


class Transport(Protocol):
    """A way to reach an installation. One instance serves many threads."""

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], options: EffectiveOptions) -> T:
        """Carry out an operation.

        Args:
            operation: What to call.
            arguments: By Python name, all of them.
            options: What holds for this call.

        Returns:
            The result, as the operation declares it.

        Raises:
            ErpSyncError: And nothing else.
        """

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What calls carry that must not be shown, as far as it is known by now."""

    def close(self) -> None:
        """Close all connections. The transport must not be used afterwards."""


class TransportAround:
    """A transport around another one, which has the secrets and the connections.

    Args:
        inner: Makes the calls.
    """

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """See `Transport.secrets`."""
        return self._inner.secrets

    def close(self) -> None:
        """Close all connections, see `Transport.close`."""
        self._inner.close()


_SHORTEST = 4
"""Configuration values below this length are not searched for: `1` or `no` stand everywhere."""


def secrets_in(operation: Operation[Any], arguments: Mapping[str, Any]) -> list[Secret]:
    """The secret texts among a call's arguments, to be kept out of what is shown about the call."""
    found: list[Secret] = []
    for argument in operation.arguments:
        _collect(arguments.get(argument.name), argument.wire in SECRET_ELEMENTS, found)
    return found


def scrubbed(error: E, secrets: Iterable[Secret]) -> E:
    """The error itself, with secrets masked in its texts: servers repeat what they were sent."""
    error.message = scrub(error.message, secrets)
    error.args = (error.message,)
    return error


def _collect(value: Any, secret: bool, found: list[Secret]) -> None:
    if isinstance(value, Secret):
        found.append(value)
    elif isinstance(value, str) and secret:
        found.append(Secret(value))
    elif isinstance(value, Mapping) and secret:
        found.extend(Secret(one) for one in value.values() if isinstance(one, str) and len(one) >= _SHORTEST)
    elif is_dataclass(value):
        for field in fields(value):
            _collect(getattr(value, field.name), field.name == "config_fields", found)
