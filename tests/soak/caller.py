"""The process of a run's client: threads that share it, and a line of JSON for each call on the standard output."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from typing import Any

from soak.calls import make
from soak.process_facts import resident_kilobytes, sockets
from superoffice_erpsync import ErpSyncClient, ErpSyncError, UsernamePassword
from superoffice_erpsync.retry import Retry

THREADS = 4
WARM_UP = 10
"""One call in so many belongs to the warm-up, after which the memory should grow no more."""


class Output:
    """Lines of JSON, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def say(self, **facts: Any) -> None:
        """Write a line."""
        line = json.dumps(facts)
        with self._lock:
            sys.stdout.write(line + "\n")

    def say_how_it_stands(self, when: str) -> None:
        """Write a line about the process."""
        self.say(when=when, kilobytes=resident_kilobytes(), sockets=sockets(), threads=threading.active_count())


class Numbers:
    """Gives each number to one thread."""

    def __init__(self, calls: int) -> None:
        self._numbers = iter(range(calls))
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[int]:
        while True:
            with self._lock:
                number = next(self._numbers, None)
            if number is None:
                return
            yield number


def work(client: ErpSyncClient, numbers: Numbers, calls: int, first_company: int, output: Output) -> None:
    """Make calls until there are no more of them, and tell how each ended."""
    for number in numbers:
        if number == calls // WARM_UP:
            output.say_how_it_stands("warm")
        try:
            wrong = make(client, number, first_company)
        except ErpSyncError as error:
            output.say(
                number=number,
                ended=error.outcome,
                error=type(error).__name__,
                at=error.operation,
                status=error.status,
                attempts=error.attempts,
            )
        except Exception as error:
            output.say(number=number, ended="broken", error=type(error).__name__, text=str(error)[:500])
        else:
            output.say(number=number, ended="wrong" if wrong else "done", text=wrong)


def main(url: str, soap_url: str, calls: int, first_company: int) -> None:
    """Make all calls.

    Args:
        url: Where they go.
        soap_url: Of the services for the login where they go over REST, empty otherwise.
        calls: How many.
        first_company: See `soak.calls.make`.
    """
    who = UsernamePassword("tje0", "Tje0")
    retry = Retry(wait=0.01, longest_wait=0.02)
    output = Output()
    if soap_url:
        client = ErpSyncClient.rest(url, who, soap_url=soap_url, retry=retry)
    else:
        client = ErpSyncClient.soap(url, who, retry=retry)
    with client:
        numbers = Numbers(calls)
        threads = [
            threading.Thread(target=work, args=(client, numbers, calls, first_company, output)) for _ in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        output.say_how_it_stands("end")
    output.say_how_it_stands("closed")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
