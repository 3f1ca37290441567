"""`erpsync connectors`: the web services that speak for one kind of ERP."""

from __future__ import annotations

from typing import Annotated

import typer

from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.groups import group
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import note, waiting
from superoffice_erpsync.cli.taking import takes_global_options

connectors = group("connectors", "Show the connectors, and test whether one answers.")

_Id = Annotated[int, typer.Argument(metavar="ID", help="The connector's id.", min=1, show_default=False)]
_FIELDS = ("FieldKey", "DisplayName", "FieldType", "Access", "MaxLength")


@connectors.command("list")
@takes_global_options
def list_connectors(options: GlobalOptions) -> ExitCode:
    """List the connectors.

    Services86 and older cannot list them: there, erpsync connectors show asks
    for one by its id.

    Example:
      erpsync connectors list --output csv
    """
    from superoffice_erpsync.cli.session import session  # what is slow to load comes last
    from superoffice_erpsync.errors import OperationNotAvailable

    with session(options) as client, waiting("GetAllConnectors"):
        try:
            found = client.get_all_connectors()
        except OperationNotAvailable as error:
            error.hint = "ask for one: erpsync connectors show ID; connections show has the id as ErpConnectorId"
            raise
    from superoffice_erpsync.cli.listing import show_rows
    from superoffice_erpsync.codec.rest import to_json

    show_rows("Connectors", to_json(found or []), ("Id", "Name", "ToolTip"), options.output)
    return ExitCode.OK


@connectors.command("show")
@takes_global_options
def show_connector(options: GlobalOptions, erp_connector_id: _Id) -> ExitCode:
    """Show a connector: its name and its address.

    erpsync connections show has the id of a connection's connector.

    Example:
      erpsync connectors show 1
    """
    from superoffice_erpsync.cli.listing import show_object  # what is slow to load comes last
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.codec.rest import to_json
    from superoffice_erpsync.errors import InvalidRequest, Outcome

    operation = "GetErpSyncConnectorEntity"
    with session(options) as client, waiting(operation):
        found = client.get_erp_sync_connector_entity(erp_sync_connector_entity_id=erp_connector_id)
    if found is None:
        raise InvalidRequest(
            f"there is no connector {erp_connector_id}",
            operation=operation,
            outcome=Outcome.REJECTED,
            hint="erpsync connectors list shows which there are",
        )
    shown = ("ErpConnectorId", "DisplayName", "URL", "Deleted")
    show_object(operation, to_json(found), options.output, shown=shown)
    return ExitCode.OK


@connectors.command("fields")
@takes_global_options
def show_fields(options: GlobalOptions, erp_connector_id: _Id) -> ExitCode:
    """List what a connector wants to know for a connection.

    The keys are those of a connection's ConfigFields. Default values of
    fields for passwords are masked.

    Example:
      erpsync connectors fields 1
    """
    from superoffice_erpsync.cli.arguments import find_operation  # what is slow to load comes last
    from superoffice_erpsync.cli.listing import show_rows
    from superoffice_erpsync.cli.results import columns_of
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.codec.rest import to_json
    from superoffice_erpsync.models import FieldMetadataType
    from superoffice_erpsync.redaction import MASK

    operation = find_operation("GetConfigurationFields")
    with session(options) as client, waiting(operation.wire):
        found = client.get_configuration_fields(erp_connector_id=erp_connector_id)
    rows = to_json(found or [])
    for row in rows:
        if row and row["FieldType"] == FieldMetadataType.PASSWORD and row["DefaultValue"]:
            row["DefaultValue"] = MASK
    show_rows(operation.wire, rows, columns_of(operation), options.output, shown=_FIELDS)
    return ExitCode.OK


@connectors.command("test")
@takes_global_options
def test_address(
    options: GlobalOptions,
    address: Annotated[str, typer.Argument(metavar="URL", help="Address of a connector.", show_default=False)],
) -> ExitCode:
    """Tell whether a connector answers at an address, as the server reaches it.

    The exit code is 1 where none does. Changes nothing.

    Example:
      erpsync connectors test https://ledger.example.com/ErpConnector.svc
    """
    from superoffice_erpsync.cli.listing import show_object  # what is slow to load comes last
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.models import ErpSyncResponseCode

    with session(options) as client, waiting("TestConnectorUrl"):
        answer = client.test_connector_url(url=address)
    show_object("TestConnectorUrl", {"Url": address, "ResponseCode": str(answer)}, options.output)
    if answer == ErpSyncResponseCode.NO_ERROR:
        return ExitCode.OK
    note(f"note: the server says no: {answer}")
    return ExitCode.REFUSED
