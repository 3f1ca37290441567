"""The record of received calls, which does not grow without end."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from superoffice_erpsync.sandbox.received import ReceivedCall

_LIGHT: Final = 4_000
"""Arguments of this weight are left alone; all of them together are bounded by the number of calls."""
_SHOWN_ITEMS: Final = 10
_SHOWN_LETTERS: Final = 200


class CallLog(list[ReceivedCall]):
    """The latest calls, in the order of the answers; older ones make room for them.

    Arguments are kept as they came as long as there is room for them; those of the oldest large calls are shortened
    first. Each call has a number that no other has, counted from 1 over the life of the log.

    Args:
        most_calls: How many are kept.
        most_weight: About how many bytes large arguments may take together.
    """

    def __init__(self, most_calls: int = 10_000, most_weight: int = 64_000_000) -> None:
        super().__init__()
        self._most_calls = most_calls
        self._most_weight = most_weight
        self._gone = 0
        self._large: deque[tuple[int, int]] = deque()
        self._weight = 0
        self._lock = threading.Lock()

    @property
    def last_number(self) -> int:
        """The number of the latest call, also one that is gone; 0 before the first."""
        return self._gone + len(self)

    def numbered(self) -> list[tuple[int, ReceivedCall]]:
        """The calls with their numbers."""
        with self._lock:
            return list(enumerate(self, self._gone + 1))

    def append(self, call: ReceivedCall) -> None:
        """Enter a call, and let go of what there is no more room for."""
        weight = _weight(call.arguments)
        with self._lock:
            super().append(call)
            if weight > _LIGHT:
                self._large.append((self.last_number, weight))
                self._weight += weight
            while self._weight > self._most_weight:
                number, large = self._large.popleft()
                self._weight -= large
                place = number - self._gone - 1
                if place >= 0:
                    self[place] = replace(self[place], arguments=_shortened(self[place].arguments))
            surplus = len(self) - self._most_calls
            if surplus > 0:
                del self[:surplus]
                self._gone += surplus

    def extend(self, calls: Iterable[ReceivedCall]) -> None:
        """Enter several calls."""
        for call in calls:
            self.append(call)

    def clear(self) -> None:
        """Forget all calls; the numbers go on."""
        with self._lock:
            self._gone += len(self)
            super().clear()
            self._large.clear()
            self._weight = 0


def _weight(value: Any) -> int:
    """About how many bytes a plain value takes."""
    total, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        total += 50
        if isinstance(item, str | bytes):
            total += len(item)
        else:
            waiting.extend(_inner(item))
    return total


def _inner(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value


def _shortened(value: Any) -> Any:
    """A copy with the beginnings of what is long."""
    if isinstance(value, dict):
        items = list(value.items())
        short = {name: _shortened(item) for name, item in items[: _SHOWN_ITEMS * 5]}
        return short | ({"…": f"{len(items) - len(short)} more"} if len(items) > len(short) else {})
    if isinstance(value, list | tuple):
        more = len(value) - _SHOWN_ITEMS
        return [_shortened(item) for item in value[:_SHOWN_ITEMS]] + ([f"… {more} more"] if more > 0 else [])
    if isinstance(value, str) and len(value) > _SHOWN_LETTERS:
        return f"{value[:_SHOWN_LETTERS]}… {len(value) - _SHOWN_LETTERS} more"
    if isinstance(value, bytes) and len(value) > _SHOWN_LETTERS:
        return value[:_SHOWN_LETTERS]
    return value
