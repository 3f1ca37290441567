"""Clients for the questions that need one. None of them repeats a call: a diagnosis wants the first failure."""

from __future__ import annotations

from typing import Any

from superoffice_erpsync.assembly import GIVE_A_TICKET, Made, soap_transport
from superoffice_erpsync.auth import Credentials, TicketCredentials, WindowsCredentials
from superoffice_erpsync.auth.login import ticket_provider
from superoffice_erpsync.client import ErpSyncClient
from superoffice_erpsync.client_settings import ClientSettings
from superoffice_erpsync.deadline import Deadline
from superoffice_erpsync.doctor.chart import Chart
from superoffice_erpsync.models.login import IssuedTicket
from superoffice_erpsync.operations import Operation
from superoffice_erpsync.operations.principal import whole
from superoffice_erpsync.options import CallOptions, merge
from superoffice_erpsync.redaction import Secret


def credentials(chart: Chart) -> Credentials | None:
    """What to log in with, asked for once; None where nobody said it.

    Raises:
        ConfigurationError: What was said cannot work.
    """
    if chart.who is None and chart.setup.credentials is not None:
        chart.who = chart.setup.credentials()
    return chart.who


def ask_principal(chart: Chart) -> ErpSyncClient:
    """A client for what needs no ticket. On the way it logs in as a Windows account, where it is to.

    Raises:
        ConfigurationError: The settings cannot work.
    """
    transport, options = _principal_transport(chart)
    return ErpSyncClient(transport, options)


def log_in(chart: Chart, who: Credentials) -> ErpSyncClient:
    """A client that is logged in. The login is sent once, and its ticket is never renewed.

    Raises:
        AuthenticationError: The login was refused.
        ErpSyncError: It could not be tried.
    """
    over_soap = not chart.setup.rest
    if not isinstance(who, TicketCredentials) and (over_soap or isinstance(who, GIVE_A_TICKET)) and chart.services:
        who = TicketCredentials(_ticket(chart, who).reveal())
    setup, settings = chart.setup, _settings(chart)
    assert setup.url, "settings are looked at first"
    if setup.rest:
        chart.client = ErpSyncClient.rest(setup.url, who, **settings)
    else:
        chart.client = ErpSyncClient.soap(setup.url, who, services=setup.services, wsdl=setup.wsdl, **settings)
    return chart.client


def _ticket(chart: Chart, who: Credentials) -> Secret:
    transport, options = _principal_transport(chart)

    def principal(operation: Operation[IssuedTicket], arguments: dict[str, Any], deadline: Deadline, /) -> IssuedTicket:
        plain = merge(options, CallOptions(), moves_data=False)
        answer = transport.call(whole(operation), operation.bind(arguments), plain._replace(deadline=deadline))
        chart.principal = answer.response
        return IssuedTicket(credentials=answer.credentials, authentication_succeeded=answer.authentication_succeeded)

    return ticket_provider(who, chart.setup.settings.get("ticket_rejection"), principal).use(
        lambda ticket: ticket, chart.limit()
    )


def _principal_transport(chart: Chart) -> Made:
    """One for the whole examination: it remembers a Windows login that was refused."""
    if chart.principal_way is None:
        setup = chart.setup
        url, services, wsdl = (setup.soap_url, None, None) if setup.rest else (setup.url, setup.services, setup.wsdl)
        assert url, "whoever asks knows that there are SOAP services"
        chart.principal_way = soap_transport(url, None, _settings(chart), services=services, wsdl=wsdl)
    return chart.principal_way


def _settings(chart: Chart) -> ClientSettings:
    settings = chart.setup.settings.copy()
    settings["retry"] = None
    settings.pop("ticket_cache", None)
    if isinstance(chart.who, WindowsCredentials):
        settings["web_login"] = chart.who
    return settings
