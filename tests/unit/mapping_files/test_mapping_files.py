"""Files of mappings: what they look like, what is read from them, and how a mistake in one is told."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from superoffice_erpsync import CrmActorType, ErpActorType, ErpSyncActorTypeMapping, ErpSyncFieldMapping, FieldAccess
from superoffice_erpsync.config.lines import line_of
from superoffice_erpsync.errors import ProtocolError
from superoffice_erpsync.mapping_files import (
    ConnectionMappings,
    InvalidMappingFile,
    read_mapping_file,
    write_mapping_file,
)
from superoffice_erpsync.models import FieldMetadataType

NAME = ErpSyncFieldMapping(
    erp_field_id=1001,
    erp_field_key="NAME",
    erp_display_name='US:"Name" NO:"Navn"',
    crm_field_key="name",
    crm_display_name="Company",
    field_type=FieldMetadataType.TEXT,
    access=FieldAccess.MANDATORY,
    sync_to_crm=True,
    sync_to_erp=True,
    show_in_gui=True,
)
FREE = ErpSyncFieldMapping(
    erp_field_id=1002, erp_field_key="FREE", erp_display_name="Free\nactive = 1", missing_in_erp=True
)
CUSTOMER = ErpSyncActorTypeMapping(
    erp_connection_id=1,
    is_active=True,
    field_mappings=[NAME, None, FREE, ErpSyncFieldMapping(erp_display_name="A heading")],
    actor_type_erp=ErpActorType.CUSTOMER,
    actor_type_crm=CrmActorType.CONTACT,
)


FILE = """\
# Field mappings of Books
format = 1

[Customer]
actor_type_crm = "Contact"
is_active = true

[Customer.fields]
# Free active = 1 (Checkbox, no longer in the ERP) is not mapped
FREE = {crm_field_key = "", sync_to_crm = false, sync_to_erp = false, show_in_gui = false, show_in_search = false}
# Name (Text, mandatory) -> Company
NAME = {crm_field_key = "name", sync_to_crm = true, sync_to_erp = true, show_in_gui = true, show_in_search = false}
"""


def of(*mappings: ErpSyncActorTypeMapping, name: str = "Books") -> ConnectionMappings:
    return ConnectionMappings(erp_connection_id=1, connection_name=name, mappings=mappings)


def test_a_file_has_what_people_set_and_no_ids() -> None:
    assert write_mapping_file(of(CUSTOMER)) == FILE


def test_labels_are_in_the_language_that_is_asked_for() -> None:
    assert "# Navn (Text, mandatory) -> Company\n" in write_mapping_file(of(CUSTOMER), language="no")
    assert "# Field mappings of Bøkene\n" in write_mapping_file(of(name='US:"Books";NO:"Bøkene"'), language="no")


def test_two_fields_of_one_key_are_not_written() -> None:
    twice = ErpSyncActorTypeMapping(field_mappings=[NAME, NAME], actor_type_erp=ErpActorType.CUSTOMER)
    with pytest.raises(ProtocolError, match="two fields of one key"):
        write_mapping_file(of(twice))


KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
LABELS = st.none() | st.text(st.characters(exclude_categories=["Cs"]))
FIELDS = st.builds(
    ErpSyncFieldMapping,
    erp_field_key=KEYS,
    crm_field_key=LABELS,
    erp_display_name=LABELS,
    crm_display_name=LABELS,
    show_in_gui=st.booleans(),
    show_in_search=st.booleans(),
    missing_in_crm=st.booleans(),
)


@given(
    st.lists(FIELDS, unique_by=lambda field: field.erp_field_key, max_size=6),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_whatever_keys_and_labels_hold_is_written_and_read(fields: list[Any], active: bool, dice: Any) -> None:
    for field in fields:
        field.sync_to_crm = bool(field.crm_field_key) and dice.random() < 0.5
    mapping = ErpSyncActorTypeMapping(is_active=active, field_mappings=fields, actor_type_erp=ErpActorType.SALE)
    text = write_mapping_file(of(mapping))
    wanted = read_mapping_file(text).actors[ErpActorType.SALE]
    assert wanted.is_active is active
    assert wanted.fields == {
        field.erp_field_key: {
            "crm_field_key": field.crm_field_key or "",
            "sync_to_crm": field.sync_to_crm,
            "sync_to_erp": False,
            "show_in_gui": field.show_in_gui,
            "show_in_search": field.show_in_search,
        }
        for field in fields
    }
    dice.shuffle(fields)
    assert write_mapping_file(of(mapping)) == text, "the order on the server does not count"


def test_what_a_file_leaves_out_is_not_spoken_of() -> None:
    file = read_mapping_file("\ufeff[Customer.fields]\r\nNAME = { sync_to_crm = true }\r\n[Person]\r\n")
    assert file.actors[ErpActorType.CUSTOMER].fields == {"NAME": {"sync_to_crm": True}}
    assert file.actors[ErpActorType.CUSTOMER].is_active is None
    assert file.actors[ErpActorType.PERSON].fields == {}
    assert read_mapping_file("").actors == {}


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ("format = 1\n\n[Costumer]\n", 3, "Costumer is no kind of actor", "did you mean Customer?"),
        ("format = 2\n", 1, "format must be 1", None),
        ("format = true\n", 1, "format must be 1", None),
        ("Customer = 1\n", 1, "Customer must be a table", "as in [Customer]"),
        ("[Customer]\nis_activ = true\n", 2, "is_activ is no setting of Customer", "did you mean is_active?"),
        ("[Customer]\nis_active = 1\n", 2, "is_active must be true or false", None),
        ('[Customer]\nactor_type_crm = "Company"\n', 2, "actor_type_crm must be one of Contact", None),
        ("[Customer]\nfields = 1\n", 2, "fields must be a table", "as in [Customer.fields]"),
        ("[Customer.fields]\n# Name\nNAME = 1\n", 3, "NAME must be a table", "as in NAME = "),
        ("[Customer.fields]\n\nNAME = { sync_to_cmr = true }\n", 3, "sync_to_cmr is no setting", "sync_to_crm"),
        ('[Customer.fields.NAME]\n\nsync_to_crm = "yes"\n', 3, "sync_to_crm must be true or false", None),
        ("[Customer.fields]\nNAME = { crm_field_key = true }\n", 2, "crm_field_key must be a text in quotes", None),
        ('[Customer.fields]\nNAME = { crm_field_key = "", sync_to_erp = true }\n', 2, "no field of the CRM", None),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, words: str, hint: str | None) -> None:
    with pytest.raises(InvalidMappingFile, match=words) as refused:
        read_mapping_file(text, "moved.toml")
    assert refused.value.message.startswith(f"moved.toml:{line}: ")
    assert hint is None or hint in (refused.value.hint or "")


@pytest.mark.parametrize("text", ["[Customer", "a = 1\na = 2", "NAME: 1", "[" * 100_000, "format = 1" + "0" * 5000])
def test_what_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(InvalidMappingFile, match=r"moved.toml is no TOML"):
        read_mapping_file(text, "moved.toml")


TEXT = '''\
# a comment

[Customer]
is_active = true
[Customer.fields]
A = { crm_field_key = """
two
lines""" }

"odd key" = { show_in_gui = true }
'''


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("Customer",), 3),
        (("Customer", "is_active"), 4),
        (("Customer", "fields"), 5),
        (("Customer", "fields", "A", "crm_field_key"), 6),
        (("Customer", "fields", "odd key"), 10),
        (("Customer", "fields", "gone"), 5),
        (("Person", "fields"), None),
        ((), None),
    ],
)
def test_a_key_is_found_on_its_line(keys: tuple[str, ...], line: int | None) -> None:
    assert line_of(TEXT, keys) == line


def test_reading_loads_nothing_that_only_writing_needs() -> None:
    script = (
        "import sys, superoffice_erpsync.cli.app, superoffice_erpsync.mapping_files as files\n"
        "files.read_mapping_file('')\nprint('tomlkit' in sys.modules)\n"
        "files.write_mapping_file\nprint('tomlkit' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert shown.stdout.split() == ["False", "True"]
