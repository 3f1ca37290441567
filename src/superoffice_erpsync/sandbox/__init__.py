"""An installation in a box: a server on this machine that speaks SOAP as WCF does, out of a fake CRM and fake ERPs.

It speaks Services86, 87 and 88 and the REST API, all from one state; a ticket is good on all of them. It reads and
writes envelopes and JSON by itself and shares nothing with the client but the WSDL files, so that a mistake in the
client cannot hide behind the same mistake here.

    from superoffice_erpsync.sandbox import Sandbox

    with Sandbox() as sandbox:
        print(sandbox.url, sandbox.services88_url, sandbox.rest_url)
"""

from superoffice_erpsync.sandbox.errors import SandboxError, SnapshotError
from superoffice_erpsync.sandbox.faults import FaultRule, Faults
from superoffice_erpsync.sandbox.received import ReceivedCall
from superoffice_erpsync.sandbox.server import Sandbox
from superoffice_erpsync.sandbox.state.seed import DEFAULT_PASSWORD, DEFAULT_USER
from superoffice_erpsync.sandbox.state.seed_sites import MEADOW_URL as FREE_CONNECTOR_URL

__all__ = [
    "DEFAULT_PASSWORD",
    "DEFAULT_USER",
    "FREE_CONNECTOR_URL",
    "FaultRule",
    "Faults",
    "ReceivedCall",
    "Sandbox",
    "SandboxError",
    "SnapshotError",
]
