"""How codecs say what is wrong with a value, and where, before the call's error is made of it."""

from __future__ import annotations


def nested_deeper(depth: int) -> str:
    """The reason why an answer is refused whose parts stand too deep in each other."""
    return f"nested too deep: nested deeper than {depth} levels"


class Unreadable(Exception):
    """Something in an answer is not what the contract says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self._path: list[str] = []

    def inside(self, step: str) -> None:
        """Add the enclosing element or member, on the way out."""
        self._path.append(step)

    @property
    def path(self) -> str:
        """Element names from the outside to the inside, joined by `/`."""
        return "/".join(reversed(self._path))


class Deviates(Exception):
    """A message is not what it was taken for when its runs were taken out; it must be read as it came."""


class Unwritable(Exception):
    """Something in the arguments cannot be sent. The reason never shows a text, which may be secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self._path: list[str] = []

    def inside(self, step: str) -> None:
        """Add the enclosing argument, `.member`, or `[index]`, on the way out."""
        self._path.append(step)

    @property
    def path(self) -> str:
        """As Python would write it: `connection.config_fields['Server']`."""
        return "".join(reversed(self._path)).removeprefix(".")
