"""What settings say, as keyword arguments of a client."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from superoffice_erpsync.options import LONGEST_WAIT, Timeouts

ONLY_SOAP = ("services", "wsdl")
ONLY_REST = ("soap_url", "language", "culture")
A_WAIT = f"a number of seconds above 0, and no more than {LONGEST_WAIT:,}"
"""What a time limit must be, see `options.can_wait`."""

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,10}")


def keywords_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that both transports take, but for secrets.

    Args:
        said: Settings by the names that a profile has; for what is not there, or None, the client has a default. A
            `retry` of None switches repeating off.
    """
    found = {name: value for name, value in said.items() if value is not None}
    made: dict[str, Any] = {name: found[name] for name in ("trust_environment", "allow_insecure") if name in found}
    if "retry" in said:
        made["retry"] = said["retry"]
    if zone := str(found.get("time_zone", "")):
        made["time_zone"] = int(zone) if _WHOLE_NUMBER.fullmatch(zone) else zone
    made["timeout"] = _time_limits(found.get("timeout"), found.get("deadline"))
    if "ca_bundle" in found:
        made["verify"] = str(found["ca_bundle"])
    if "client_certificate" in found:
        certificate, key = found["client_certificate"], found.get("client_certificate_key")
        made["client_certificate"] = certificate if key is None else (certificate, key)
    if found.get("proxy"):
        made["proxies"] = dict.fromkeys(("http", "https"), found["proxy"])
    if found.get("ticket_cache"):
        # Loaded where it is used: the command reads its options before it loads what it calls with.
        from superoffice_erpsync.auth.ticket_cache import TicketCache  # noqa: PLC0415

        made["ticket_cache"] = TicketCache()
    return made


def _time_limits(timeout: float | None, deadline: float | None) -> Timeouts:
    """The limits of a client: of any answer, and of a whole call where that does not follow from the other."""
    limits = Timeouts() if timeout is None else Timeouts.of(timeout)
    return limits if deadline is None else limits._replace(deadline=deadline, sync_deadline=deadline)
