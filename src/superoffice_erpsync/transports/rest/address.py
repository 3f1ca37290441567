"""The user's address of an installation's REST API, brought to one form."""

from __future__ import annotations

import re

from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.transports.address import web_address

_TAIL = re.compile(r"/v1(?:/agents(?:/erpsync)?)?\Z", re.IGNORECASE)


def agent_address(url: str) -> str:
    """Where the ErpSync agent's operations are, without a slash at the end.

    Args:
        url: The API's address, as in `https://crm.example.com/api`; with `/v1` or the agent's path it will do as well.

    Raises:
        ConfigurationError: It is no address of a web server, or has a login, a query or a fragment in it.
    """
    folder, query = web_address(url, example="https://crm.example.com/api")
    if query:
        raise ConfigurationError("the address has a query", hint="as in https://crm.example.com/api")
    return _TAIL.sub("", folder) + "/v1/Agents/ErpSync"
