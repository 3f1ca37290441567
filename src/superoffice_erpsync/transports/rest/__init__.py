"""The REST API. Most programs speak SOAP: it is loaded on use."""

from typing import TYPE_CHECKING

from superoffice_erpsync.on_use import loaded_on_use

if TYPE_CHECKING:
    from superoffice_erpsync.transports.rest.address import agent_address
    from superoffice_erpsync.transports.rest.authorization import Authorization, FixedAuthorization, TicketAuthorization
    from superoffice_erpsync.transports.rest.transport import RestTransport

__all__ = ["Authorization", "FixedAuthorization", "RestTransport", "TicketAuthorization", "agent_address"]

if not TYPE_CHECKING:
    __getattr__ = loaded_on_use(
        __name__,
        {
            "address": ("agent_address",),
            "authorization": ("Authorization", "FixedAuthorization", "TicketAuthorization"),
            "transport": ("RestTransport",),
        },
    )
