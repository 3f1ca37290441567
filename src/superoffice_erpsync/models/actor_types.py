"""Kinds of actors, on both sides."""

from superoffice_erpsync.models.wire_enum import WireEnum


class CrmActorType(WireEnum):
    """Kinds of CRM entities that an actor of an ERP can be linked to."""

    UNKNOWN = "Unknown"
    CONTACT = "Contact"
    PERSON = "Person"
    PROJECT = "Project"
    SALE = "Sale"


class ErpActorType(WireEnum):
    """Kinds of records that an ERP keeps. Customer, Supplier and Partner are counterparts of a CRM contact."""

    UNKNOWN = "Unknown"
    CUSTOMER = "Customer"
    SUPPLIER = "Supplier"
    PARTNER = "Partner"
    PERSON = "Person"
    PROJECT = "Project"
    EMPLOYEE = "Employee"
    SALE = "Sale"
