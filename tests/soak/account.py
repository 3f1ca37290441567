"""The account of a run: what the client was told of each call, against what the sandbox did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from soak.calls import Kind, kind_of, number_of
from superoffice_erpsync.sandbox.received import ReceivedCall

LOGIN = "AuthenticateUsernamePassword"
_LOST = {"lost_answer", "cut_answer"}
_MOST_COMPLAINTS = 20


@dataclass(slots=True)
class Account:
    """Both sides of a run, entered while it goes.

    Attributes:
        first_company: See `soak.calls.make`.
        told: The client's lines by the call's number.
        standing: The client's lines about its process, by when.
        carried_out: How often each call was, by its number.
        received: How many calls came, logins left out.
        faults: How often each kind struck.
        struck: Numbers of the calls that a fault struck.
        nameless: How often a call came whose arguments a fault kept from being read, by its operation.
        logins: How often a login was carried out.
        logins_lost: How many of the answers to these were lost.
        missed: Calls that the sandbox's record let go of before they were entered here.
        complaints: What is wrong.
    """

    first_company: int
    told: dict[int, dict[str, Any]] = field(default_factory=dict)
    standing: dict[str, dict[str, Any]] = field(default_factory=dict)
    carried_out: Counter[int] = field(default_factory=Counter)
    received: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    struck: set[int] = field(default_factory=set)
    nameless: Counter[str] = field(default_factory=Counter)
    logins: int = 0
    logins_lost: int = 0
    missed: int = 0
    complaints: list[str] = field(default_factory=list)
    _last: int = 0

    def enter_told(self, line: dict[str, Any]) -> None:
        """Enter a line of the client."""
        if "when" in line:
            self.standing[line["when"]] = line
        elif line["number"] in self.told:
            self.complaints.append(f"told twice: {line}")
        else:
            self.told[line["number"]] = line

    def enter_received(self, calls: Iterable[tuple[int, ReceivedCall]]) -> None:
        """Enter what the sandbox received, with its numbers; what was entered before is passed over."""
        for number, call in calls:
            if number <= self._last:
                continue
            self.missed += number - self._last - 1
            self._last = number
            self._enter(call)

    def _enter(self, call: ReceivedCall) -> None:
        self.faults.update(call.faults)
        done = call.failure is None
        if call.operation == LOGIN:
            self.logins += done
            self.logins_lost += done and not _LOST.isdisjoint(call.faults)
            return
        self.received += 1
        if not call.arguments:
            # Refused before they were read, over REST also for a ticket that another call's fault ended.
            self.nameless[call.operation] += bool(call.faults)
            if done:
                self.complaints.append(f"carried out without arguments: {call}")
            return
        number = number_of(call.operation, call.arguments, self.first_company)
        self.carried_out[number] += done
        if call.faults:
            self.struck.add(number)

    def settle(self, calls: int) -> list[str]:
        """Everything that is wrong with the run."""
        complaints = list(self.complaints)
        if self.missed:
            complaints.append(f"{self.missed} received calls were not seen")
        if sorted(self.told) != list(range(calls)):
            complaints.append(f"{calls} calls were to be made, and {len(self.told)} are told of")
        if not set(self.carried_out) <= set(range(calls)):
            complaints.append("the sandbox carried out what nobody asked for")
        for number, line in self.told.items():
            complaints += [f"{problem}: {line}" for problem in self._problems(number, line)]
        complaints += self._without_cause()
        expired = self.faults["expired_ticket"]
        if not 1 <= self.logins - self.logins_lost <= 1 + expired:
            complaints.append(f"{self.logins} logins, {self.logins_lost} lost, where {expired} tickets expired")
        return complaints[:_MOST_COMPLAINTS]

    def _problems(self, number: int, line: dict[str, Any]) -> list[str]:
        times, kind = self.carried_out[number], kind_of(number)
        found = []
        match line["ended"]:
            case "done" if times < 1 or (times > 1 and kind is not Kind.READ):
                found.append(f"done, and carried out {times} times")
            case "done":
                pass
            case "rejected" | "not_sent" if times and kind is not Kind.READ:
                found.append(f"not carried out by what is told, and yet it was {times} times")
            case "unknown" if times > 1 and kind is not Kind.READ:
                found.append(f"carried out {times} times")
            case "rejected" | "not_sent" | "unknown":
                pass
            case other:
                found.append(f"ended {other}")
        return found

    def _without_cause(self) -> list[str]:
        """Failures that no fault accounts for."""
        failed: Counter[str] = Counter()
        for number, line in self.told.items():
            # All threads share the login and its ticket: what strikes these strikes others too.
            shared = line.get("at") == LOGIN or line.get("error") == "AuthenticationError"
            failed[kind_of(number)] += line["ended"] != "done" and number not in self.struck and not shared
        return [
            f"{times} calls of {operation} failed without a cause, where faults struck {self.nameless[operation]}"
            for operation, times in failed.items()
            if times > self.nameless[operation]
        ]

    def summary(self) -> dict[str, Any]:
        """Figures of the run."""
        ended = Counter(
            f"{kind_of(number)} {line['ended']}" + (f" {line['error']} {line.get('status')}" if "error" in line else "")
            for number, line in self.told.items()
        )
        return {
            "ended": dict(sorted(ended.items())),
            "faults": dict(self.faults),
            "received": self.received,
            "unknown and done": sum(
                1 for number, line in self.told.items() if line["ended"] == "unknown" and self.carried_out[number]
            ),
            "logins": self.logins,
            "logins lost": self.logins_lost,
            "standing": self.standing,
        }
