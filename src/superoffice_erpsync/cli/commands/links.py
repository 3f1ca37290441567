"""`erpsync links`: which actors of an ERP the entities of the CRM are linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from superoffice_erpsync.cli.completing import crm_actor_types, erp_actor_types
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.groups import group
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import note, waiting
from superoffice_erpsync.cli.taking import takes_global_options
from superoffice_erpsync.errors import InvalidRequest

if TYPE_CHECKING:
    from superoffice_erpsync.models import CrmActorType

links = group("links", "Link entities of the CRM to actors of an ERP, or unlink them.")

_Connection = Annotated[
    int, typer.Option("--connection", metavar="ID", help="The ERP connection's id.", min=1, show_default=False)
]
_Contact = Annotated[
    int | None,
    typer.Option(
        "--contact", metavar="ID", help="Id of a contact of the CRM; short for --crm-type Contact and --crm-id.", min=1
    ),
]
_CrmId = Annotated[
    int | None, typer.Option("--crm-id", metavar="ID", help="Primary key of the entity in the CRM.", min=1)
]
_CrmType = Annotated[
    str | None,
    typer.Option(
        "--crm-type", metavar="TYPE", help="Kind of the entity, as in Person.", autocompletion=crm_actor_types
    ),
]


@links.command("list")
@takes_global_options
def list_links(
    options: GlobalOptions, contact: _Contact = None, crm_id: _CrmId = None, crm_type: _CrmType = None
) -> ExitCode:
    """List the connections that a CRM entity can be linked in, and whether it is.

    The entity is named by --contact, or by --crm-type and --crm-id.

    Examples:
      erpsync links list --contact 11
      erpsync links list --crm-type Person --crm-id 44 --output json
    """
    from superoffice_erpsync.cli.arguments import find_operation  # what is slow to load comes last
    from superoffice_erpsync.cli.listing import show_rows
    from superoffice_erpsync.cli.results import columns_of
    from superoffice_erpsync.cli.session import session
    from superoffice_erpsync.codec.rest import to_json

    kind, record = _entity(contact, crm_id, crm_type)
    operation = find_operation("GetConnectionsAndDisplayFields")
    with session(options) as client, waiting(operation.wire):
        found = client.get_connections_and_display_fields(crm_actor_type=kind, entity_id=record)
    shown = ("ErpConnectionId", "ConnectionName", "Connected", "ErpActorType", "ErpActorTypes")
    show_rows(f"Links of {kind} {record}", to_json(found or []), columns_of(operation), options.output, shown=shown)
    return ExitCode.OK


@links.command("create")
@takes_global_options
def create_link(
    options: GlobalOptions,
    connection: _Connection,
    erp_key: Annotated[
        str, typer.Option("--erp-key", metavar="KEY", help="The actor's key in the ERP.", show_default=False)
    ],
    actor_type: Annotated[
        str,
        typer.Option(
            "--actor-type",
            metavar="TYPE",
            help="Kind of the actor, as in Customer.",
            show_default=False,
            autocompletion=erp_actor_types,
        ),
    ],
    contact: _Contact = None,
    crm_id: _CrmId = None,
    crm_type: _CrmType = None,
) -> ExitCode:
    """Link an entity of the CRM to an actor that exists in the ERP.

    No values are moved. The exit code is 1 where the server makes no link,
    and 7 where its answer is lost: then the link may be made.

    Examples:
      erpsync links create --connection 1 --contact 11 \\
          --actor-type Customer --erp-key C1001
      erpsync links create --connection 1 --crm-type Person --crm-id 44 \\
          --actor-type Person --erp-key P7
    """
    from superoffice_erpsync.cli.actor_types import erp_actor_type  # what is slow to load comes last
    from superoffice_erpsync.cli.listing import show_object
    from superoffice_erpsync.cli.session import session

    kind, record = _entity(contact, crm_id, crm_type)
    erp_kind = erp_actor_type(actor_type)
    if not erp_key.strip():
        raise InvalidRequest("--erp-key is empty")
    options.account.connection = connection
    with session(options) as client, waiting("CreateActorLink"):
        made = client.create_actor_link(
            erp_connection_id=connection,
            crm_record_id=record,
            crm_actor_type=kind,
            erp_key=erp_key,
            erp_actor_type=erp_kind,
        )
    shown = {
        **_link(connection, kind, record),
        "ErpActorType": str(erp_kind),
        "ErpKey": erp_key,
        "Created": made,
    }
    show_object("CreateActorLink", shown, options.output)
    if not made:
        note("note: the server made no link: one side may be linked already or missing, or the connection inactive")
    return ExitCode.OK if made else ExitCode.REFUSED


@links.command("break")
@takes_global_options
def break_link(
    options: GlobalOptions,
    connection: _Connection,
    contact: _Contact = None,
    crm_id: _CrmId = None,
    crm_type: _CrmType = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask. Needed where there is no terminal to ask on.")
    ] = False,
) -> ExitCode:
    """Unlink an entity of the CRM from its actor in one connection.

    Both records stay as they are, and are no longer synced with each other.
    The exit code is 1 where there was no such link.

    Examples:
      erpsync links break --connection 1 --contact 11
      erpsync links break --connection 1 --contact 11 --yes
    """
    from superoffice_erpsync.cli.confirming import confirm  # what is slow to load comes last
    from superoffice_erpsync.cli.listing import show_object

    kind, record = _entity(contact, crm_id, crm_type)
    confirm(f"Unlink {kind} {record} from its actor in connection {connection}?", yes=yes)
    from superoffice_erpsync.cli.session import session

    options.account.connection = connection
    with session(options) as client, waiting("BreakActorLink"):
        broken = client.break_actor_link(erp_connection_id=connection, crm_record_id=record, crm_actor_type=kind)
    show_object("BreakActorLink", {**_link(connection, kind, record), "Broken": broken}, options.output)
    if not broken:
        note("note: the server broke no link: there may be none")
    return ExitCode.OK if broken else ExitCode.REFUSED


def _entity(contact: int | None, crm_id: int | None, crm_type: str | None) -> tuple[CrmActorType, int]:
    """Kind and primary key of the CRM's entity.

    Raises:
        InvalidRequest: None is named, or two are.
    """
    from superoffice_erpsync.cli.actor_types import crm_actor_type
    from superoffice_erpsync.models import CrmActorType

    if contact is not None:
        if crm_id is not None or crm_type is not None:
            raise InvalidRequest("--contact names the entity by itself", hint="leave out --crm-id and --crm-type")
        return CrmActorType.CONTACT, contact
    if crm_id is None or crm_type is None:
        raise InvalidRequest(
            "no entity of the CRM is named", hint="pass --contact ID, or --crm-type TYPE and --crm-id ID"
        )
    return crm_actor_type(crm_type), crm_id


def _link(connection: int, kind: CrmActorType, record: int) -> dict[str, object]:
    return {"ErpConnectionId": connection, "CrmActorType": str(kind), "CrmRecordId": record}
