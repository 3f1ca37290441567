"""Looking again after a change that the server took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from superoffice_erpsync.errors import ErpSyncError, Outcome


@contextmanager
def looking_again(operation: str, hint: str) -> Iterator[None]:
    """Where looking fails, have the error say what came before: by itself it would say that nothing was changed.

    Args:
        operation: The change.
        hint: How to look later.
    """
    try:
        yield
    except ErpSyncError as error:
        error.message = f"the server took it, and what holds now cannot be read: {error.message}"
        error.operation, error.outcome, error.hint = operation, Outcome.UNKNOWN, hint
        raise
