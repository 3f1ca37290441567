"""What a process gets that was forked from one with a client in use: free locks, and connections of its own."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """Something that must not be used in a child process as the parent left it."""

    def after_fork(self) -> None:
        """Replace locks and connections; called in the child before anything else runs there."""


_watched: WeakSet[Forkable] = WeakSet()
"""The only state of the package that belongs to the process: forks happen to processes."""


def watch(one: Forkable) -> None:
    """Have `after_fork` called on it in every child process for as long as it lives."""
    _watched.add(one)


def _in_child() -> None:
    for one in list(_watched):
        one.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
