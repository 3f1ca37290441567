"""The rules that are in force, and the decision whom they strike."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from superoffice_erpsync.sandbox.faults.rule import FaultKind, FaultRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is known of a call before it is carried out."""

    operation: str
    """Wire name."""
    service: str
    """"ErpSync" or "SoPrincipal"."""
    services: str
    """"Services86" or another version; "REST" for the REST API."""
    transport: str
    """"soap" or "rest"."""
    has_ticket: bool
    """Whether it lives on a ticket or on a session, which can expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """What a call has to suffer."""

    latency: float = 0.0
    """Seconds to wait before it is carried out."""
    rule: FaultRule | None = None
    """The one that strikes it beside latency."""
    faults: tuple[FaultKind, ...] = ()
    """The kinds of all that strike it."""

    @property
    def kind(self) -> FaultKind | None:
        """The kind of what strikes it beside latency."""
        return None if self.rule is None else self.rule.kind


UNSTRUCK: Final = Struck()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRule:
    """A rule, and what came of it so far."""

    rule: FaultRule
    matched: int
    """How many calls were its, struck or not."""
    struck: int
    """How many of them it struck."""

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it may."""
        return self.rule.count is not None and self.struck >= self.rule.count


class Faults:
    """Rules in the order in which they were added. Any thread may add, clear and look at any time.

    A call waits for every latency that strikes it, and suffers the first other fault that does; the rules behind that
    one let it pass, and it does not count as one of theirs that was struck. So two rules of count 1 for one operation
    strike two calls, one after the other.
    """

    def __init__(self, rules: Iterable[FaultRule] = ()) -> None:
        self._lock = threading.Lock()
        self._rules: list[_RuleInForce] = []
        self.add(*rules)

    def __repr__(self) -> str:
        return f"Faults({[counted.rule for counted in self.rules]!r})"

    def add(self, *rules: FaultRule) -> None:
        """Put rules in force, behind those that are.

        Args:
            rules: The rules.

        Raises:
            TypeError: Something else than a rule.
        """
        for rule in rules:
            if not isinstance(rule, FaultRule):
                raise TypeError(f"a FaultRule is wanted, not {type(rule).__name__}")
        with self._lock:
            self._rules += [_RuleInForce(rule) for rule in rules]

    def clear(self) -> None:
        """Let everything go well again."""
        with self._lock:
            self._rules.clear()

    @property
    def rules(self) -> list[CountedRule]:
        """The rules in force and those that are spent, with how often each struck so far."""
        with self._lock:
            return [one.counted() for one in self._rules]

    def strike(self, call: Call) -> Struck:
        """Decide what a call has to suffer; the decision counts.

        Args:
            call: What is known of the call.
        """
        latency = 0.0
        faults: list[FaultKind] = []
        chosen: FaultRule | None = None
        with self._lock:
            for one in self._rules:
                if not one.wants(call):
                    continue
                if one.rule.kind == "latency":
                    latency += one.rule.seconds or 0.0
                elif chosen is None:
                    chosen = one.rule
                else:
                    continue
                one.struck += 1
                faults.append(one.rule.kind)
        return Struck(latency=latency, rule=chosen, faults=tuple(faults)) if faults else UNSTRUCK


@dataclass(slots=True)
class _RuleInForce:
    rule: FaultRule
    matched: int = 0
    struck: int = 0
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.rule.seed)  # noqa: S311 - runs must repeat

    def wants(self, call: Call) -> bool:
        """Whether it would strike the call, which is counted as one of its."""
        rule = self.rule
        if not rule.selects(call.operation, call.service, call.services, call.transport, has_ticket=call.has_ticket):
            return False
        self.matched += 1
        # Thrown for every call, so that what else strikes does not change which calls the share is made of.
        hit = self._dice.random() < rule.share
        return hit and self.matched > rule.skip and not self.counted().spent

    def counted(self) -> CountedRule:
        return CountedRule(rule=self.rule, matched=self.matched, struck=self.struck)
