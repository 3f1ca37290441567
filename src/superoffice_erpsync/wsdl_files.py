"""Where the bundled WSDLs lie: inside an installed package, or beside ``src`` in a checkout."""

from pathlib import Path

__all__ = ["SERVICES", "wsdl_file"]

SERVICES = ("Services86", "Services88")
"""The versions of the web services whose contract is bundled, oldest first."""

_ENDPOINTS = ("ErpSync", "SoPrincipal")

_PACKAGE = Path(__file__).resolve().parent
_IN_PACKAGE = _PACKAGE / "wsdl"
# A wheel puts the files into the package; an editable install only points at `src`, and they stay beside it.
_IN_CHECKOUT = _PACKAGE.parent.parent / "wsdl"


def wsdl_file(service: str, services: str = "Services86") -> Path:
    """The bundled WSDL of one endpoint.

    Args:
        service: the endpoint, ``"ErpSync"`` or ``"SoPrincipal"``.
        services: the version of the web services, one of ``SERVICES``.

    Returns:
        The path of a file that exists. It imports no other file and no address.

    Raises:
        ValueError: the endpoint or the version is not bundled.
        FileNotFoundError: the file is neither in the package nor beside ``src``.
    """
    # Names are compared here and not left to the file system, which on Windows would take any spelling of them.
    if service not in _ENDPOINTS:
        raise ValueError(f"No WSDL is bundled for service {service!r}; there are {' and '.join(_ENDPOINTS)}")
    if services not in SERVICES:
        raise ValueError(f"No WSDL is bundled for {services!r}; there are {' and '.join(SERVICES)}")
    places = [root / services / f"{service}.wsdl" for root in (_IN_PACKAGE, _IN_CHECKOUT)]
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(
        f"The WSDL of {service} ({services}) is missing, looked for {places[0]} (installed) and {places[1]} (checkout)"
    )
