"""Kinds of actors as they are named on the command line, in any case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from superoffice_erpsync.errors import InvalidRequest
from superoffice_erpsync.models.actor_types import CrmActorType, ErpActorType

T = TypeVar("T", CrmActorType, ErpActorType)


def erp_actor_type(name: str) -> ErpActorType:
    """The kind of that name.

    Raises:
        InvalidRequest: There is none.
    """
    return _named(name, "--actor-type", sendable(ErpActorType))


def crm_actor_type(name: str) -> CrmActorType:
    """The kind of that name.

    Raises:
        InvalidRequest: There is none.
    """
    return _named(name, "--crm-type", sendable(CrmActorType))


def sendable(kind: type[T]) -> list[T]:
    """The kinds that can be meant: Unknown is what a server answers."""
    return [one for one in kind if one is not kind.UNKNOWN]


def _named(name: str, option: str, known: Iterable[T]) -> T:
    by_folded = {one.casefold(): one for one in known}
    found = by_folded.get(name.casefold())
    if found is None:
        raise InvalidRequest(f"{option} {name} is unknown", hint=f"there are: {', '.join(by_folded.values())}")
    return found
