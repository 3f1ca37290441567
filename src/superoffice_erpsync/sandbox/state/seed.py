"""The state every sandbox starts with.

Two connectors and three connections; a third connector is on the network and not stored. Connections 1 and 2 are
active, on the same connector; connection 3 is inactive and refuses to be turned on, because mandatory fields of its
customers have no direction. The ids of internal keys
(from 501) differ from those of the records (contacts from 11, persons from 31, projects from 51) on purpose: whoever
mixes them up notices. Some values differ between CRM and ERPs, so that the first sync has something to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count

from superoffice_erpsync.sandbox.state.connections import Connection, Connector
from superoffice_erpsync.sandbox.state.installed import State
from superoffice_erpsync.sandbox.state.reading_fields import read_fields
from superoffice_erpsync.sandbox.state.seed_mappings import HARBOUR, LEDGER, Directions, set_directions
from superoffice_erpsync.sandbox.state.seed_sites import HARBOUR_URL, LEDGER_URL, seeded_sites
from superoffice_erpsync.sandbox.state.sessions import Sessions

DEFAULT_USER = "tje0"
DEFAULT_PASSWORD = "Tje0"  # noqa: S105 - of a user that exists in the box only
DEFAULT_USERS: Mapping[str, str] = {DEFAULT_USER: DEFAULT_PASSWORD}
"""Who can log in unless told otherwise: the user and password of the vendor's public examples."""

DEFAULT_ACCESS_TOKENS: Mapping[str, str] = {"8A:Sandbox.tje0": "tje0"}
"""The access tokens that are good unless told otherwise, with their users' names."""

_COMPANIES = (
    # name, organisation number, telephone, city, credit limit
    ("Fjordview Timber", "900000011", "+47 22 00 01 01", "Bergen", "[F:50000]"),
    ("Birch & Sons", "900000012", "+47 22 00 01 02", "Hamar", "[F:25000]"),
    ("Northlight Optics", "900000013", "+47 22 00 01 03", "Tromsø", "[F:100000]"),
    ("Saltwater Foods", "900000014", "+47 22 00 01 04", "Ålesund", "[F:75000.5]"),
    ("Greenfield Dairy", "900000015", "+47 22 00 01 05", "Skien", "[F:0]"),
    ("Copper Kettle Coffee", "900000016", "+47 22 00 01 06", "Røros", "[F:15000]"),
    ("Lantern Books", "900000017", "+47 22 00 01 07", "Oslo", "[F:12500]"),
    ("Ironbridge Works", "900000018", "+47 22 00 01 08", "Moss", "[F:200000]"),
    ("Silver Birch Travel", "900000019", "+47 22 00 01 09", "Molde", "[F:30000]"),
    ("Harbour Lights", "900000020", "+47 22 00 01 10", "Arendal", "[F:42000]"),
)
_PERSONS = (
    # first name, last name, mobile
    ("Ada", "Sample", "+47 900 00 001"),
    ("Bo", "Example", "+47 900 00 002"),
    ("Cleo", "Placeholder", "+47 900 00 003"),
)
_PROJECTS = ("New warehouse", "Webshop")

_FIRST_CONTACT, _FIRST_PERSON, _FIRST_PROJECT = 11, 31, 51


def seeded_state(clock: Callable[[], datetime], sessions: Sessions) -> State:
    """A new state, the same each time but for clock and sessions."""
    state = State(clock=clock, sessions=sessions)
    state.engine.last_sync = clock()
    _add_connections(state)
    _add_companies(state)
    _add_persons(state)
    _add_projects(state)
    _call_it_synced(state)
    _let_values_differ(state)
    return state


def _add_connections(state: State) -> None:
    state.sites = seeded_sites()
    state.crm.lists = {
        "category": {1: "Standard", 2: "Wholesale", 3: "Staff"},
        "projstatus": {1: "Planned", 2: "Running", 3: "Done"},
    }
    state.connectors = {
        1: Connector(connector_id=1, display_name="Nordic Ledger", url=LEDGER_URL),
        2: Connector(connector_id=2, display_name="Harbour ERP", url=HARBOUR_URL),
    }
    state.connections = {
        1: Connection(
            connection_id=1,
            connector_id=1,
            guid="6f1f4a52-0000-4000-8000-000000000001",
            display_name="Nordic Ledger Norway",
            display_description='US:"The Norwegian books" NO:"Det norske regnskapet"',
            active=True,
            config_fields={"Company": "100", "User": "erpsync", "Password": "made-up-1"},
            priority=1,
        ),
        2: Connection(
            connection_id=2,
            connector_id=1,
            guid="6f1f4a52-0000-4000-8000-000000000002",
            display_name="Nordic Ledger Sweden",
            display_description='US:"The Swedish books" NO:"Det svenske regnskapet"',
            active=True,
            config_fields={"Company": "200", "User": "erpsync", "Password": "made-up-2"},
            priority=2,
        ),
        3: Connection(
            connection_id=3,
            connector_id=2,
            guid="6f1f4a52-0000-4000-8000-000000000003",
            display_name="Harbour Trading",
            display_description="Not in use yet",
            all_access=False,
            user_group_access_ids=[1, 4],
            associate_access_ids=[7],
            config_fields={"Database": "TRADING", "Key": "made-up-3"},
            priority=3,
        ),
    }
    for number, directions in ((1, LEDGER), (2, LEDGER), (3, HARBOUR)):
        _connect(state, state.connections[number], directions)


def _connect(state: State, connection: Connection, directions: Directions) -> None:
    site = state.site_of(connection.connector_id)
    assert site is not None
    erp = site.open(connection.config_fields)
    assert erp is not None
    connection.erp = erp
    read_fields(connection, site, count(1000 * connection.connection_id + 1))
    set_directions(connection.mappings, directions)


def _add_companies(state: State) -> None:
    for place, (name, number, phone, city, limit) in enumerate(_COMPANIES):
        contact_id, internal_key_id = _FIRST_CONTACT + place, 501 + place
        since = f"[DT:01/{place + 10}/2012 00:00:00.0000000]"
        state.crm.add(
            "contact",
            contact_id,
            {
                "name": name,
                "orgnr": number,
                "phone": phone,
                "city": city,
                "creditLimit": limit,
                "paymentDays": "[I:30]",
                "customerSince": since,
                "category": "1",
            },
        )
        customer = {
            "NAME": name,
            "ORGNO": number,
            "PHONE": phone,
            "CITY": city,
            "CREDITLIMIT": limit,
            "PAYMENTDAYS": "[I:30]",
            "SINCE": since,
            "PRICEGROUP": "1",
            "SALESPERSON": "",
        }
        _add_actor(state, 1, "Customer", f"C{1001 + place}", customer, (internal_key_id, "contact", contact_id))
        if place < 4:
            _add_actor(state, 2, "Customer", f"S{5001 + place}", customer, (internal_key_id, "contact", contact_id))
        if place < 2:
            supplier = {"NAME": name, "ORGNO": number, "PHONE": phone}
            _add_actor(state, 1, "Supplier", f"V{2001 + place}", supplier, None)
    for key, name in (("C1011", "Unlinked Umbrellas"), ("C1012", "Lonely Lamps")):
        _add_actor(state, 1, "Customer", key, {"NAME": name, "CITY": "Bodø"}, None)


def _add_persons(state: State) -> None:
    for place, (first, last, mobile) in enumerate(_PERSONS):
        person_id = _FIRST_PERSON + place
        email = f"{first.lower()}@{last.lower()}.example"
        state.crm.add("person", person_id, {"firstName": first, "lastName": last, "mobile": mobile, "email": email})
        values = {"FIRSTNAME": first, "LASTNAME": last, "MOBILE": mobile, "EMAIL": email}
        _add_actor(state, 1, "Person", f"P{3001 + place}", values, (521 + place, "person", person_id))


def _add_projects(state: State) -> None:
    for place, name in enumerate(_PROJECTS):
        project_id = _FIRST_PROJECT + place
        state.crm.add("project", project_id, {"name": name, "status": "1"})
        values = {"NAME": name, "STATUS": "1"}
        _add_actor(state, 1, "Project", f"J{4001 + place}", values, (541 + place, "project", project_id))


def _add_actor(
    state: State,
    connection_id: int,
    actor_type: str,
    key: str,
    values: Mapping[str, str],
    joined_to: tuple[int, str, int] | None,
) -> None:
    state.connections[connection_id].erp.add(actor_type, key, values)
    if joined_to is not None:
        internal_key_id, table, record_id = joined_to
        state.links.join(internal_key_id, table, record_id, connection_id=connection_id, actor_type=actor_type, key=key)


def _call_it_synced(state: State) -> None:
    for connection in state.active_connections():
        connection.seen_in_erp = connection.erp.changes
        connection.seen_in_crm = state.crm.changes
        connection.last_sync = state.clock()
    for link in state.links:
        state.links.call_synced(link)


def _let_values_differ(state: State) -> None:
    norway, sweden = state.connections[1].erp, state.connections[2].erp
    norway.change("Customer", "C1003", {"PHONE": "+47 22 00 99 03"})
    norway.change("Customer", "C1005", {"CITY": ""})  # A blank, which will wipe the city in the CRM.
    norway.change("Person", "P3002", {"MOBILE": "+47 900 00 992"})
    sweden.change("Customer", "S5004", {"CREDITLIMIT": "[F:80000]"})
    state.crm.change("contact", 12, {"name": "Birch & Daughters"})
