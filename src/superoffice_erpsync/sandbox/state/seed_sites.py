"""The connectors that every sandbox has on its network, and the ERPs behind them.

Two are in use from the start. The third, `MEADOW_URL`, waits for whoever plays an operator: its ERP knows the last
three companies of the CRM and has a list with ids of its own.
"""

from __future__ import annotations

from typing import Final

from superoffice_erpsync.sandbox.state.erp import Erp
from superoffice_erpsync.sandbox.state.sites import ActorDescription, ConnectorSite, ErpClient, FieldDescription

LEDGER_URL: Final = "https://ledger.example/ErpConnector.svc"
HARBOUR_URL: Final = "https://harbour.example/ErpConnector.svc"
MEADOW_URL: Final = "https://meadow.example/ErpConnector.svc"

_CUSTOMERS_OF_MEADOW: Final = (
    # key, name, organisation number, telephone, city, group
    ("M-0107", "Ironbridge Works", "900000018", "+47 22 00 01 08", "Moss", "WHS"),
    ("M-0108", "Silver Birch Travel", "900000019", "+47 22 00 01 09", "Molde", "STD"),
    ("M-0109", "Harbour Lights", "900000020", "+47 22 00 01 10", "Arendal", "STD"),
    ("M-0110", "Unlinked Utensils", "900000031", "+47 22 00 01 31", "Bodø", "STD"),
)


def seeded_sites() -> list[ConnectorSite]:
    """The web services that answer, with their ERPs; the same each time."""
    return [_ledger(), _harbour(), _meadow()]


def _ledger() -> ConnectorSite:
    lists = {"PriceGroup": {"1": "Standard", "2": "Wholesale", "3": "Staff"}}
    lists["ProjectStatus"] = {"1": "Planned", "2": "Running", "3": "Done"}
    customer = [
        _field("NAME", "Name", access="Mandatory", searched=True, length=100),
        _field("ORGNO", "Organisation number", searched=True, length=20),
        _field("PHONE", "Telephone", length=30),
        _field("CITY", "City", length=50),
        _field("CREDITLIMIT", "Credit limit", "Double", access="ReadOnly"),
        _field("PAYMENTDAYS", "Days to pay", "Integer", default="[I:30]"),
        _field("SINCE", "Customer since", "Date"),
        _field("PRICEGROUP", "Price group", "List", list_name="PriceGroup"),
        _field("SALESPERSON", "Salesperson", shown=False),
    ]
    supplier = [
        _field("NAME", "Name", access="Mandatory", searched=True, length=100),
        _field("ORGNO", "Organisation number", length=20),
        _field("PHONE", "Telephone", length=30),
    ]
    person = [
        _field("FIRSTNAME", "First name", searched=True, length=50),
        _field("LASTNAME", "Last name", access="Mandatory", length=50),
        _field("MOBILE", "Mobile", length=30),
        _field("EMAIL", "E-mail", length=254),
    ]
    project = [
        _field("NAME", "Name", access="Mandatory", length=100),
        _field("STATUS", "Status", "List", list_name="ProjectStatus"),
    ]
    return ConnectorSite(
        url=LEDGER_URL,
        config_fields=[
            _field("Company", "Company", access="Mandatory", length=10),
            _field("User", "User", access="Mandatory", length=50),
            _field("Password", "Password", "Password", access="Mandatory"),
        ],
        actors={
            "Customer": ActorDescription(actor_type="Customer", fields=customer, advanced_search=True),
            "Supplier": ActorDescription(actor_type="Supplier", fields=supplier, advanced_search=True),
            "Person": ActorDescription(actor_type="Person", fields=person),
            "Project": ActorDescription(actor_type="Project", fields=project),
        },
        clients=[
            ErpClient(
                login={"Company": company, "User": "erpsync", "Password": password},
                erp=Erp(lists={name: dict(items) for name, items in lists.items()}),
            )
            for company, password in (("100", "made-up-1"), ("200", "made-up-2"))
        ],
    )


def _harbour() -> ConnectorSite:
    customer = [
        _field("TITLE", "Title", access="Mandatory"),
        _field("VATNO", "VAT number", access="Mandatory"),
        _field("CURRENCY", "Currency", access="Mandatory", default="EUR"),
    ]
    return ConnectorSite(
        url=HARBOUR_URL,
        config_fields=[
            _field("Database", "Database", access="Mandatory"),
            _field("Key", "Access key", "Password", access="Mandatory"),
        ],
        actors={"Customer": ActorDescription(actor_type="Customer", fields=customer)},
        clients=[ErpClient(login={"Database": "TRADING", "Key": "made-up-3"})],
    )


def _meadow() -> ConnectorSite:
    customer = [
        _field("NAME", "Name", access="Mandatory", searched=True, length=60),
        _field("ORGNO", "Organisation number", searched=True, length=20),
        _field("PHONE", "Telephone", length=30),
        _field("CITY", "City", length=50),
        _field("CATEGORY", "Customer group", "List", list_name="CustomerGroup"),
        _field("TERMS", "Days to pay", "Integer"),
        _field("CURRENCY", "Currency", length=3),
    ]
    person = [
        _field("FIRSTNAME", "First name"),
        _field("LASTNAME", "Last name", access="Mandatory"),
    ]
    erp = Erp(lists={"CustomerGroup": {"STD": "Standard", "WHS": "Wholesale", "OLD": "No longer used"}})
    for key, name, number, phone, city, group in _CUSTOMERS_OF_MEADOW:
        values = {"NAME": name, "ORGNO": number, "PHONE": phone, "CITY": city, "CATEGORY": group}
        erp.add("Customer", key, {**values, "TERMS": "[I:14]", "CURRENCY": ""})
    return ConnectorSite(
        url=MEADOW_URL,
        config_fields=[
            _field("Server", "Server", access="Mandatory"),
            _field("Client", "Client number", "Integer", default="[I:1]"),
            _field("Key", "Access key", "Password", access="Mandatory"),
        ],
        actors={
            "Customer": ActorDescription(actor_type="Customer", fields=customer, advanced_search=True),
            "Person": ActorDescription(actor_type="Person", fields=person),
        },
        clients=[ErpClient(login={"Server": "meadow-db", "Client": "[I:1]", "Key": "made-up-4"}, erp=erp)],
    )


def _field(
    key: str,
    display_name: str,
    field_type: str = "Text",
    *,
    access: str = "Normal",
    list_name: str = "",
    length: int = 0,
    default: str = "",
    shown: bool = True,
    searched: bool = False,
) -> FieldDescription:
    return FieldDescription(
        key=key,
        display_name=display_name,
        description=f"{display_name}, as the ERP knows it",
        field_type=field_type,
        access=access,
        list_name=list_name,
        max_length=length,
        default_value=default,
        shown=shown,
        searched=searched,
    )
