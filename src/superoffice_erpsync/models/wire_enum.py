"""What all enumerations of the contract are. Members are strings: their value is the vendor's name.

Making an enumeration takes Python a fifth of a millisecond, so each stands beside what needs it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self


class WireEnum(StrEnum):
    """An enumeration that can hold a name which this release does not know.

    `ErpActorType("Lead")` raises ValueError as with any enumeration. A name that a newer server sends is kept instead
    of being lost: it becomes a member with `is_known == False`, equal to its own name, and goes back as it came.
    """

    @classmethod
    def keep(cls, name: str) -> Self:
        """The member of that name, or one made for a name that is not known."""
        known = cls._value2member_map_.get(name)
        if known is not None:
            return known  # type: ignore[return-value]
        member = str.__new__(cls, name)
        member._name_ = name
        member._value_ = name
        return member

    @property
    def is_known(self) -> bool:
        """False for a name that a server sent and this release does not know."""
        return self._value_ in type(self)._value2member_map_

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        return (type(self).keep, (self._value_,))

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return str.__ne__(self, other) if isinstance(other, str) else NotImplemented

    __hash__ = str.__hash__
