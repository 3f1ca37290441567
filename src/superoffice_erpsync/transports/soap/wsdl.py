"""What a WSDL says, as zeep reads it: operations, SOAPActions, headers, and the members that its types have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, cast

from superoffice_erpsync.errors import ConfigurationError, ErpSyncError
from superoffice_erpsync.process import collector
from superoffice_erpsync.wsdl_files import wsdl_file

Load = Callable[[str], bytes]
"""Gives the document at a location that a WSDL imports."""

_MOST_DOCUMENTS = 100
"""Of a WSDL with all that it imports. WCF writes about ten."""


class WsdlOperation(NamedTuple):
    """One operation of a WSDL.

    Attributes:
        action: Its SOAPAction.
        headers: Names of its request headers, in order.
        arguments: Names of the members of its request element.
        request: Name of its request element, with its namespace in braces.
        response: Name of its response element, likewise.
    """

    action: str
    headers: tuple[str, ...]
    arguments: tuple[str, ...]
    request: str
    response: str


class Contract(NamedTuple):
    """One service as its WSDL describes it.

    Attributes:
        namespace: The services' namespace.
        operations: By wire name.
        members: Names of the members of each complex type, by type name.
    """

    namespace: str
    operations: Mapping[str, WsdlOperation]
    members: Mapping[str, frozenset[str]]


def read_contract(data: bytes, where: str, load: Load) -> Contract:
    """Have zeep read a WSDL.

    Args:
        data: The WSDL.
        where: Its path or address, for errors and for what it imports.
        load: Gives the documents that it imports.

    Raises:
        ConfigurationError: It is no WSDL with a SOAP 1.1 binding.
    """
    from zeep.settings import Settings
    from zeep.wsdl import Document
    from zeep.wsdl.bindings.soap import Soap11Binding

    class Loader:
        """What zeep asks for imported documents."""

        def __init__(self) -> None:
            self.asked = 0

        def load(self, location: str) -> bytes:
            self.asked += 1
            if self.asked > _MOST_DOCUMENTS:
                raise ConfigurationError(f"the WSDL {where} imports more than {_MOST_DOCUMENTS} documents, or itself")
            return load(location)

    operations: dict[str, WsdlOperation] = {}
    failure: ErpSyncError | OSError | None = None
    try:
        document = Document(BytesIO(data), cast("Any", Loader()), base=where, settings=Settings(forbid_dtd=True))
        # The document's own bindings leave out those that it imports.
        bindings = [one for part in document._definitions.values() for one in part.bindings.values()]
        binding = next((one for one in bindings if isinstance(one, Soap11Binding)), None)
        if binding is None:
            raise ConfigurationError(f"the WSDL {where} has no SOAP 1.1 binding")
        namespace = ""
        for name, operation in binding._operations.items():
            body = operation.input.body
            namespace = body.qname.namespace
            operations[name] = WsdlOperation(
                action=operation.soapaction,
                headers=tuple(header for header, _ in operation.input.header.type.elements)
                if operation.input.header
                else (),
                arguments=tuple(argument for argument, _ in body.type.elements),
                request=str(body.qname),
                response=str(operation.output.body.qname),
            )
        members = {
            one.qname.localname: frozenset(member for member, _ in one.elements)
            for one in document.types.types
            if one.qname is not None and hasattr(one, "elements") and one.elements
        }
    except (ErpSyncError, OSError) as refusal:
        failure = refusal.with_traceback(None)
    except Exception as problem:
        # A WSDL may say anything, and zeep was not made for all of it: a group that holds itself has it run in circles.
        failure = ConfigurationError(f"the WSDL {where} cannot be read: {type(problem).__name__}: {problem}")
    if failure is not None:
        # Raised out here: a worker's error goes to another process, but a parser's holds what cannot be pickled, and
        # imports of imports lead so deep that Dask, which pickles the way too, would not get through.
        raise failure
    if not operations:
        raise ConfigurationError(f"the WSDL {where} has no operations")
    return Contract(namespace, operations, members)


def _beside(path: Path) -> Load:
    """Imports of a WSDL file may name files beside it, and nothing else."""
    folder = path.resolve().parent

    def load(location: str) -> bytes:
        target = Path(location).resolve()
        if not target.is_relative_to(folder):
            raise ConfigurationError(f"the WSDL {path} imports {location}, which is not beside it")
        return target.read_bytes()

    return load


@lru_cache(maxsize=32)
def _file_contract(path: Path, _changed: int, rename: tuple[str, str]) -> Contract:
    data = path.read_bytes()
    written, wanted = rename
    if written != wanted:
        data = data.replace(written.encode(), wanted.encode())
    # zeep and what it makes of a WSDL is here to stay: the collector would look through it in vain. An installation's
    # own is read without: it is waited for.
    with collector.paused():
        return read_contract(data, str(path), _beside(path))


def file_contract(path: Path, rename: tuple[str, str] = ("", "")) -> Contract:
    """The contract in a file; read once a process, and again when the file changes.

    Args:
        path: The WSDL.
        rename: A version of the services as the file writes it, and the one that is meant by it.

    Raises:
        ConfigurationError: The file cannot be read or is no WSDL.
    """
    try:
        return _file_contract(path, path.stat().st_mtime_ns, rename)
    except OSError as problem:
        raise ConfigurationError(f"the WSDL {path} cannot be read: {problem.strerror}") from None


# Services87 is Services86 under another name: namespaces and SOAPActions say 87, and nothing else differs.
_SAME_AS = {"Services87": "Services86"}


def bundled_contract(service: str, services: str) -> Contract:
    """The contract that comes with this package.

    Raises:
        ConfigurationError: There is none for that version.
    """
    written_as = _SAME_AS.get(services, services)
    try:
        path = wsdl_file(service, written_as)
    except ValueError:
        raise ConfigurationError(
            f"no WSDL of {services} comes with this package",
            hint='use the installation\'s own with wsdl="live", or the path of one',
        ) from None
    return file_contract(path, (written_as, services))
