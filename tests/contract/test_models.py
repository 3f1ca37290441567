"""The models keep the wire contract: classes, members, types, defaults and names, against the JSON facts."""

from __future__ import annotations

import inspect
import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any, get_type_hints

import pytest

from contract.contract_facts import CONTRACTS, TYPES, XSD, facts, local
from superoffice_erpsync import models
from superoffice_erpsync.codec.shapes import Model, shape_of, wire_name
from superoffice_erpsync.codec.values import mask_names, parse_mask
from superoffice_erpsync.models.wire_enum import WireEnum

SER_DURATION = "{http://schemas.microsoft.com/2003/10/Serialization/}duration"
SCALARS = {
    f"{{{XSD}}}int": int,
    f"{{{XSD}}}boolean": bool,
    f"{{{XSD}}}string": str | None,
    f"{{{XSD}}}dateTime": datetime | None,  # 0001-01-01 stands for none
    f"{{{XSD}}}base64Binary": bytes | None,
    SER_DURATION: timedelta,
}
DEFAULTS = {int: 0, bool: False, timedelta: timedelta(0)}
REQUIRED = {("PluginResponse", "IsOk"), ("AuthenticateResponse", "AuthenticationSucceeded")}
NEWEST = "Services88"
# The newest version has them all; older ones lack only what is named here.
NEW_TYPES = {"ListItem", "QuoteStatus"}
NEW_MEMBERS = {"PluginResponse": ["Status"]}
# Names for the same bits, which are read into the first one: no members of their own.
SAME_BITS = {"ETableRight": {"R", "F"}, "EFieldRight": {"Nullable"}}
DERIVED = {("PluginResponse", "Status")}

Case = tuple[str, str, str]


def fact(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = facts(case[0], case[1])["types"][case[2]]
    return found


def is_array(found: dict[str, Any]) -> bool:
    return len(found["fields"]) == 1 and found["fields"][0].get("max") == "unbounded"


def short(case: Case) -> str:
    return f"{case[1]}-{local(case[2])}"


def of_the_newest(kind: str) -> list[Any]:
    """The types of one kind: `class`, `enumeration` or `mask`; arrays and dictionaries are none of them."""
    found = []
    for case in TYPES:
        wanted = fact(case)
        if case[0] != NEWEST:
            continue
        if "fields" in wanted:
            kinds = () if wanted.get("dictionary") or is_array(wanted) else ("class",)
        else:
            kinds = ("mask",) if wanted.get("list") else ("enumeration",) if "enum" in wanted else ()
        if kind in kinds:
            found.append(pytest.param(case, id=short(case)))
    assert found
    return found


def members(case: Case) -> list[dict[str, Any]]:
    """The members as they stand on the wire, those of the base first."""
    base = fact(case).get("base")
    return (members((case[0], case[1], base)) if base else []) + fact(case)["fields"]


def expected_type(services: str, service: str, name: str) -> Any:
    """The Python type of a wire type, worked out from the facts alone."""
    if name in SCALARS:
        return SCALARS[name]
    wanted = facts(services, service)["types"][name]
    if "fields" not in wanted:
        cls = getattr(models, local(name))
        return frozenset[cls | str] if wanted.get("list") else cls
    if wanted.get("dictionary"):
        (value,) = [one for one in wanted["fields"][0]["type"]["fields"] if one["name"] == "Value"]
        return dict[str, expected_type(services, service, value["type"])] | None  # type: ignore[misc]
    if is_array(wanted):
        item = expected_type(services, service, wanted["fields"][0]["type"])
        return list[item] | None
    return getattr(models, local(name)) | None


def default_of(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def check_class(cls: type[Any], services: str, service: str, wanted: list[dict[str, Any]]) -> None:
    assert is_dataclass(cls)
    ours = [field for field in fields(cls) if field.init]
    assert [wire_name(field.name) for field in ours] == [one["name"] for one in wanted]
    shapes = [member.wire for member in Model(cls).members]
    assert shapes == [one["name"] for one in wanted]
    hints = get_type_hints(cls)
    for field, one in zip(ours, wanted, strict=True):
        where = f"{cls.__name__}.{field.name}"
        expected = expected_type(services, service, one["type"])
        if where == "ErpConnection.config_fields":
            expected = models.ConfigFields | expected
        assert hints[field.name] == expected, where
        assert field.kw_only, where
        if (cls.__name__, one["name"]) in REQUIRED:
            assert default_of(field) is MISSING, where
            continue
        default = default_of(field)
        if (cls.__name__, one["name"]) in DERIVED:
            continue  # what stands for it depends on the rest of the answer: it has tests of its own
        if isinstance(expected, type) and issubclass(expected, WireEnum):
            first = facts(services, service)["types"][one["type"]]["enum"][0]
            assert (type(default), default) == (expected, first), where
        elif expected in DEFAULTS:
            assert (type(default), default) == (expected, DEFAULTS[expected]), where
        elif str(expected).startswith("frozenset"):
            assert default == frozenset(), where
        else:
            assert default is None, where


@pytest.mark.parametrize("case", of_the_newest("class"))
def test_class_has_the_members_types_and_defaults_of_the_contract(case: Case) -> None:
    check_class(getattr(models, local(case[2])), case[0], case[1], members(case))


@pytest.mark.parametrize("case", of_the_newest("class"))
def test_class_has_the_base_of_the_contract(case: Case) -> None:
    base = fact(case).get("base")
    cls = getattr(models, local(case[2]))
    assert cls.__bases__ == ((getattr(models, local(base)) if base else object),)
    assert "__slots__" in vars(cls)


@pytest.mark.parametrize("operation", [name for name in facts(NEWEST, "SoPrincipal")["operations"] if "Auth" in name])
def test_answer_of_a_login_is_a_class_of_its_own(operation: str) -> None:
    body = facts(NEWEST, "SoPrincipal")["operations"][operation]["output"]["body"]
    assert body["name"] == models.AuthenticateResponse.__name__
    check_class(models.AuthenticateResponse, NEWEST, "SoPrincipal", body["type"]["fields"])


@pytest.mark.parametrize("case", of_the_newest("enumeration"))
def test_enumeration_has_the_names_in_their_order(case: Case) -> None:
    cls = getattr(models, local(case[2]))
    assert [member.value for member in cls] == fact(case)["enum"]
    assert len(cls.__members__) == len(fact(case)["enum"])  # no aliases


@pytest.mark.parametrize("case", of_the_newest("mask"))
def test_rights_have_the_names_in_the_order_of_their_bits(case: Case) -> None:
    name = local(case[2])
    assert [member.value for member in getattr(models, name)] == [
        one for one in fact(case)["enum"] if one not in SAME_BITS[name]
    ]


@pytest.mark.parametrize(
    "case", [case for case in TYPES if case[0] == NEWEST and local(case[2]).removeprefix("ArrayOf") not in NEW_TYPES]
)
def test_older_version_has_the_same_but_for_what_is_new(case: Case) -> None:
    older = facts("Services86", case[1])["types"].get(case[2].replace(NEWEST, "Services86"))
    if local(case[2]) == "ArrayOfErpConnection":
        assert older is None
        return
    renamed = json.loads(json.dumps(older).replace("Services86", NEWEST))
    newer = {**fact(case)}
    if "fields" in newer:
        new = NEW_MEMBERS.get(local(case[2]), [])
        newer["fields"] = [one for one in newer["fields"] if one["name"] not in new]
    if newer.get("list"):
        assert set(renamed["enum"]) <= set(newer["enum"])
        return
    assert newer == renamed


@pytest.mark.parametrize("name", ["ETableRight", "EFieldRight"])
@pytest.mark.parametrize("services", ["Services86", "Services88"])
def test_every_name_of_a_right_is_read_into_the_first_name_of_its_bit(services: str, name: str) -> None:
    wanted = fact((services, "ErpSync", f"{{http://www.superoffice.net/ws/crm/NetServer/{services}}}{name}"))
    right = getattr(models, name)
    first: dict[int, str] = {}
    for place, one in enumerate(wanted["enum"]):
        bit = wanted.get("values", {}).get(one, 1 << place)
        first.setdefault(bit, one)
        assert mask_names(parse_mask(one, right), right) == [first[bit]]
        assert all(isinstance(member, right) for member in parse_mask(one, right))


@pytest.mark.parametrize(
    "cls", [cls for _, cls in inspect.getmembers(models, inspect.isclass)], ids=lambda cls: cls.__name__
)
def test_every_model_is_in_the_contract(cls: type[Any]) -> None:
    known = {local(name) for contract in CONTRACTS for name in facts(*contract)["types"]}
    assert cls.__name__ in known | {"AuthenticateResponse", "ConfigFields", "WireEnum"}
    assert inspect.getdoc(cls)


@pytest.mark.parametrize("cls", [cls for _, cls in inspect.getmembers(models, inspect.isclass) if is_dataclass(cls)])
def test_every_member_has_a_shape_of_its_own_type(cls: type[Any]) -> None:
    hints = get_type_hints(cls)
    for member in Model(cls).members:
        if (cls, member.name) == (models.SoExceptionInfo, "parameters"):
            continue  # the same Python type as any dictionary of texts, and another name on the wire
        assert member.shape == shape_of(hints[member.name])
        assert member.required == ((cls.__name__, member.wire) in REQUIRED)


@pytest.mark.parametrize(
    ("cls", "member", "type_name", "pair"),
    [
        (models.ErpConnection, "ConfigFields", "StringDictionary", "StringKeyValuePair"),
        (models.Carrier, "FieldProperties", "FieldPropertyDictionary", "FieldPropertyDictionaryKeyValuePair"),
        (models.SoExceptionInfo, "Parameters", "SoExceptionInfoParameters", "SoExceptionInfoParametersKeyValuePair"),
    ],
)
def test_dictionaries_have_the_names_of_the_contract(cls: type[Any], member: str, type_name: str, pair: str) -> None:
    (found,) = [one for one in Model(cls).members if one.wire == member]
    wanted = {
        local(one["type"]): facts("Services86", "ErpSync")["types"][one["type"]]["fields"][0]["name"]
        for contract in facts("Services86", "ErpSync")["types"].values()
        for one in contract.get("fields", ())
        if one["name"] == member and isinstance(one["type"], str)
    }
    assert wanted == {type_name: pair}
    assert (found.shape.type_name, found.shape.pair) == (type_name, pair)  # type: ignore[union-attr]


def test_a_name_that_is_not_known_is_kept_and_known_as_such() -> None:
    lead = models.ErpActorType.keep("Lead")
    assert (lead, str(lead), lead.is_known, type(lead)) == ("Lead", "Lead", False, models.ErpActorType)
    assert models.ErpActorType.keep("Sale") is models.ErpActorType.SALE
    assert models.ErpActorType.SALE.is_known
    assert "Lead" not in list(models.ErpActorType)
    with pytest.raises(ValueError, match="Lead"):
        models.ErpActorType("Lead")
