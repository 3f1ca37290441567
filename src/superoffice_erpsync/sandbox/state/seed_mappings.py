"""How the fields of the seeded connections are mapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from superoffice_erpsync.sandbox.state.mappings import ActorMapping

TO_CRM: Final = ">"
TO_ERP: Final = "<"
BOTH_WAYS: Final = "<>"
NO_DIRECTION: Final = ""

Directions = Mapping[str, Mapping[str, tuple[str, str]]]

LEDGER: Final[Directions] = {
    "Customer": {
        "NAME": ("name", BOTH_WAYS),
        "ORGNO": ("orgnr", TO_CRM),
        "PHONE": ("phone", BOTH_WAYS),
        "CITY": ("city", TO_CRM),
        "CREDITLIMIT": ("creditLimit", TO_CRM),
        "PAYMENTDAYS": ("paymentDays", TO_CRM),
        "SINCE": ("customerSince", TO_CRM),
        "PRICEGROUP": ("category", TO_ERP),
    },
    "Supplier": {
        "NAME": ("name", TO_ERP),
        "ORGNO": ("orgnr", TO_ERP),
        "PHONE": ("phone", TO_ERP),
    },
    "Person": {
        "FIRSTNAME": ("firstName", BOTH_WAYS),
        "LASTNAME": ("lastName", BOTH_WAYS),
        "MOBILE": ("mobile", TO_CRM),
        "EMAIL": ("email", TO_ERP),
    },
    "Project": {
        "NAME": ("name", BOTH_WAYS),
        "STATUS": ("status", TO_CRM),
    },
}
"""Customers, suppliers, persons and projects of the connector "Nordic Ledger"."""

HARBOUR: Final[Directions] = {"Customer": {"TITLE": ("name", BOTH_WAYS), "VATNO": ("orgnr", NO_DIRECTION)}}
"""Customers of the connector "Harbour ERP", not ready for use: two mandatory fields go nowhere."""


def set_directions(mappings: Mapping[str, ActorMapping], directions: Directions) -> None:
    """Map the fields as the table says, and those that it does not name not at all.

    Lists are mapped item by item: their ids are the same on both sides.
    """
    for actor_type, mapping in mappings.items():
        for field in mapping.fields:
            field.crm_field_key, way = directions[actor_type].get(field.erp_field_key, ("", NO_DIRECTION))
            field.sync_to_crm = ">" in way
            field.sync_to_erp = "<" in way
            if field.list_name:
                field.list_items = {"1": 1, "2": 2, "3": 3}
