"""The whole table: what can go wrong between a client and a server, a row each."""

from integration.hostile import (
    envelopes,
    faults,
    framing,
    heads,
    json_documents,
    logins,
    origin,
    packing,
    repeating,
    secrets_echoed,
    secure,
    timing,
    values,
    xml_documents,
)
from integration.hostile.scenarios import Scenario

TABLE: tuple[Scenario, ...] = (
    *framing.ROWS,
    *heads.ROWS,
    *packing.ROWS,
    *xml_documents.ROWS,
    *json_documents.ROWS,
    *values.ROWS,
    *envelopes.ROWS,
    *faults.ROWS,
    *secrets_echoed.ROWS,
    *timing.ROWS,
    *repeating.ROWS,
    *logins.ROWS,
    *origin.ROWS,
    *secure.ROWS,
)
