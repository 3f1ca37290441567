"""What a web server in front of the services asks for before it lets a request through to them."""

from superoffice_erpsync.transports.web_login.basic import HttpBasic
from superoffice_erpsync.transports.web_login.windows import Handshake, WindowsLogin

__all__ = ["Handshake", "HttpBasic", "WindowsLogin"]
