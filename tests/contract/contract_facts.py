"""The wire contract as facts: the JSON files beside this module, in the shape that the tests compare.

Every reader of the contract writes what it sees as plain lines, one for each member, and the facts are written the same
way; a difference is then one readable line in a list.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FACTS = Path(__file__).resolve().parent / "facts"

XSD = "http://www.w3.org/2001/XMLSchema"

CONTRACTS = [(services, service) for services in ("Services86", "Services88") for service in ("ErpSync", "SoPrincipal")]
"""Each (version, endpoint) whose facts are kept."""


@cache
def facts(services: str, service: str) -> dict[str, Any]:
    path = FACTS / f"{services}-{service}.json".lower()
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def namespace(services: str) -> str:
    return f"http://www.superoffice.net/ws/crm/NetServer/{services}"


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


OPERATIONS = [(*contract, operation) for contract in CONTRACTS for operation in facts(*contract)["operations"]]
"""Each (version, endpoint, operation)."""

TYPES = [(*contract, name) for contract in CONTRACTS for name in facts(*contract)["types"]]
"""Each (version, endpoint, type in Clark notation)."""


def complex_types() -> list[tuple[str, str, str]]:
    return [case for case in TYPES if "fields" in facts(case[0], case[1])["types"][case[2]]]


def simple_types() -> list[tuple[str, str, str]]:
    return [case for case in TYPES if "fields" not in facts(case[0], case[1])["types"][case[2]]]


def case_id(value: object) -> str:
    return local(str(value))


def line(name: str, type_name: str, nillable: bool, lowest: object = 1, highest: object = 1) -> str:
    """One element as every reader writes it; names are in Clark notation, an anonymous type is in braces."""
    return f"{name}: {type_name}{' nillable' if nillable else ''} [{lowest}..{highest}]"


def braces(lines: list[str]) -> str:
    """An anonymous type, written out where its name would stand."""
    return "{" + "; ".join(lines) + "}"


def fact_line(fact: dict[str, Any]) -> str:
    wanted = fact["type"]
    type_name = wanted if isinstance(wanted, str) else braces([fact_line(inner) for inner in wanted["fields"]])
    return line(
        f"{{{fact['ns']}}}{fact['name']}", type_name, fact["nillable"], fact.get("min", "1"), fact.get("max", "1")
    )


def own_lines(services: str, service: str, name: str) -> list[str]:
    """The members that a complex type adds to its base."""
    return [fact_line(fact) for fact in facts(services, service)["types"][name]["fields"]]


def all_lines(services: str, service: str, name: str) -> list[str]:
    """The members of a complex type as they stand on the wire: those of its base first."""
    base = facts(services, service)["types"][name].get("base")
    return (all_lines(services, service, base) if base else []) + own_lines(services, service, name)
