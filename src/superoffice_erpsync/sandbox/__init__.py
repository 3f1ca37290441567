"""An installation in a box: a server on this machine that speaks SOAP as WCF does, out of a fake CRM and fake ERPs.

It reads and writes envelopes by itself and shares nothing with the client but the WSDL files, so that a mistake in
the client cannot hide behind the same mistake here.

    from superoffice_erpsync.sandbox import Sandbox

    with Sandbox() as sandbox:
        print(sandbox.url)
"""

from superoffice_erpsync.sandbox.errors import SandboxError
from superoffice_erpsync.sandbox.received import ReceivedCall
from superoffice_erpsync.sandbox.server import Sandbox

__all__ = ["ReceivedCall", "Sandbox", "SandboxError"]
