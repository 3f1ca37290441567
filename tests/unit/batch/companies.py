"""A sandbox with companies whose ERP knows something new about each, so that its CRM tells which were resynced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from superoffice_erpsync import ErpSyncClient, UsernamePassword
from superoffice_erpsync.sandbox import Sandbox

CREDENTIALS = UsernamePassword("tje0", "Tje0")


class Companies:
    """Seeded companies, and which of them the CRM has news of.

    Args:
        sandbox: Running or not.
        count: How many.
    """

    def __init__(self, sandbox: Sandbox, count: int) -> None:
        self.sandbox = sandbox
        seeded = sandbox.seed(companies=count)
        self.keys = seeded.keys
        self.internal_ids = [seeded.first_internal_key_id + place for place in range(count)]
        self._contacts = {key: seeded.first_contact_id + place for place, key in enumerate(self.keys)}
        erp = sandbox.state.connections[1].erp
        for key in self.keys:
            erp.actor("Customer", key).values["NAME"] = f"News of {key}"

    def contact(self, key: str) -> dict[str, str]:
        """The values of a company in the CRM."""
        return self.sandbox.state.crm.record("contact", self._contacts[key]).values

    def contact_id(self, key: str) -> int | None:
        """The record id of a company in the CRM."""
        return self._contacts.get(key)

    @property
    def resynced(self) -> list[str]:
        """Keys of the companies that the CRM has the news of."""
        with self.sandbox.lock:
            return [key for key in self.keys if self.contact(key)["name"] == f"News of {key}"]

    def keys_with_bad_ones(self, every: int) -> tuple[list[str], list[str]]:
        """The keys with one that the ERP does not know in place of each so-and-so-many-th, and these alone."""
        keys = [f"No{place}" if place % every == every // 2 else key for place, key in enumerate(self.keys)]
        return keys, [key for key in keys if key.startswith("No")]


@contextmanager
def client_of(url: str, **settings: Any) -> Iterator[ErpSyncClient]:
    """A client with short patience."""
    with ErpSyncClient.soap(url, CREDENTIALS, **{"timeout": 20, "retry": None, **settings}) as client:
        yield client


def sent_keys(sandbox: Sandbox) -> list[list[str]]:
    """The keys of each resync that was received."""
    return [
        list(call.arguments["ExternalKeys"])
        for call in sandbox.received
        if call.operation.startswith("ForceResyncExternal") and call.arguments
    ]
