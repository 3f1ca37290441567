"""The mappings every sandbox starts with."""

from __future__ import annotations

from itertools import count

from superoffice_erpsync.sandbox.state.mappings import ActorMapping, FieldMapping


def ledger_mappings(first_field_id: int) -> dict[str, ActorMapping]:
    """Customers, suppliers, persons and projects of the connector "Nordic Ledger"."""
    fields = _Fields(first_field_id)
    customer = ActorMapping(
        actor_type="Customer",
        crm_actor_type="Contact",
        fields=[
            fields.new("NAME", "Name", "name", to_crm=True, to_erp=True, access="Mandatory", searched=True, length=100),
            fields.new("ORGNO", "Organisation number", "orgnr", to_crm=True, searched=True, length=20),
            fields.new("PHONE", "Telephone", "phone", to_crm=True, to_erp=True, length=30),
            fields.new("CITY", "City", "city", to_crm=True, length=50),
            fields.new("CREDITLIMIT", "Credit limit", "creditLimit", "Double", to_crm=True, access="ReadOnly"),
            fields.new("PAYMENTDAYS", "Days to pay", "paymentDays", "Integer", to_crm=True, default="[I:30]"),
            fields.new("SINCE", "Customer since", "customerSince", "Date", to_crm=True),
            fields.new("PRICEGROUP", "Price group", "category", "List", to_erp=True, list_name="PriceGroup"),
            fields.new("SALESPERSON", "Salesperson", "", shown=False),
        ],
    )
    supplier = ActorMapping(
        actor_type="Supplier",
        crm_actor_type="Contact",
        fields=[
            fields.new("NAME", "Name", "name", to_erp=True, access="Mandatory", searched=True, length=100),
            fields.new("ORGNO", "Organisation number", "orgnr", to_erp=True, length=20),
            fields.new("PHONE", "Telephone", "phone", to_erp=True, length=30),
        ],
    )
    person = ActorMapping(
        actor_type="Person",
        crm_actor_type="Person",
        fields=[
            fields.new("FIRSTNAME", "First name", "firstName", to_crm=True, to_erp=True, searched=True, length=50),
            fields.new("LASTNAME", "Last name", "lastName", to_crm=True, to_erp=True, access="Mandatory", length=50),
            fields.new("MOBILE", "Mobile", "mobile", to_crm=True, length=30),
            fields.new("EMAIL", "E-mail", "email", to_erp=True, length=254),
        ],
    )
    project = ActorMapping(
        actor_type="Project",
        crm_actor_type="Project",
        fields=[
            fields.new("NAME", "Name", "name", to_crm=True, to_erp=True, access="Mandatory", length=100),
            fields.new("STATUS", "Status", "status", "List", to_crm=True, list_name="ProjectStatus"),
        ],
    )
    return {mapping.actor_type: mapping for mapping in (customer, supplier, person, project)}


def harbour_mappings(first_field_id: int) -> dict[str, ActorMapping]:
    """Customers of the connector "Harbour ERP", not ready for use: two mandatory fields go nowhere."""
    fields = _Fields(first_field_id)
    customer = ActorMapping(
        actor_type="Customer",
        crm_actor_type="Contact",
        fields=[
            fields.new("TITLE", "Title", "name", to_crm=True, to_erp=True, access="Mandatory"),
            fields.new("VATNO", "VAT number", "orgnr", access="Mandatory"),
            fields.new("CURRENCY", "Currency", "", access="Mandatory", default="EUR"),
        ],
    )
    return {"Customer": customer}


class _Fields:
    """Makes fields with ids and ranks in sequence."""

    def __init__(self, first_field_id: int) -> None:
        self._ids = count(first_field_id)
        self._ranks = count(1)

    def new(
        self,
        erp_field_key: str,
        display_name: str,
        crm_field_key: str,
        field_type: str = "Text",
        *,
        to_crm: bool = False,
        to_erp: bool = False,
        access: str = "Normal",
        list_name: str = "",
        length: int = 0,
        default: str = "",
        shown: bool = True,
        searched: bool = False,
    ) -> FieldMapping:
        return FieldMapping(
            field_id=next(self._ids),
            erp_field_key=erp_field_key,
            display_name=display_name,
            description=f"{display_name}, as the ERP knows it",
            crm_field_key=crm_field_key,
            sync_to_crm=to_crm,
            sync_to_erp=to_erp,
            field_type=field_type,
            access=access,
            list_name=list_name,
            max_length=length,
            default_value=default,
            rank=next(self._ranks),
            show_in_gui=shown,
            show_in_search=searched,
        )
