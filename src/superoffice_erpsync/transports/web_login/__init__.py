"""What a web server in front of the services asks for before it lets a request through to them."""

from typing import TYPE_CHECKING

from superoffice_erpsync.on_use import loaded_on_use
from superoffice_erpsync.transports.web_login.basic import HttpBasic

if TYPE_CHECKING:
    from superoffice_erpsync.transports.web_login.windows import Handshake, WindowsLogin

__all__ = ["Handshake", "HttpBasic", "WindowsLogin"]

if not TYPE_CHECKING:
    __getattr__ = loaded_on_use(__name__, {"windows": ("Handshake", "WindowsLogin")})
