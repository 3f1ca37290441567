"""HTTP reason phrases of our own choosing.

WCF tells why it refuses a content type in the reason phrase and nowhere else, and clients show it. ASGI has no place
for it, so it travels in a header that is taken out again where the answer is written.
"""

from __future__ import annotations

from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REASON_HEADER: Final = "x-sandbox-reason-phrase"


class _Connection(h11.Connection):
    def send_with_data_passthrough(self, event: h11.Event) -> list[bytes] | None:
        return super().send_with_data_passthrough(_with_reason(event))


class ReasonPhraseProtocol(H11Protocol):
    """uvicorn's protocol over h11, with that header turned into the reason phrase."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn = _Connection(h11.SERVER)


def _with_reason(event: h11.Event) -> h11.Event:
    if not isinstance(event, h11.Response):
        return event
    name = REASON_HEADER.encode("ascii")
    reasons = [value for header, value in event.headers if header == name]
    if not reasons:
        return event
    return h11.Response(
        status_code=event.status_code,
        headers=[(header, value) for header, value in event.headers if header != name],
        reason=reasons[0],
    )
