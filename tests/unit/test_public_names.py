"""The names that the package shows: a list that changes on purpose only."""

from __future__ import annotations

import inspect
import subprocess
import sys
import typing
from enum import StrEnum
from types import ModuleType

import pytest

import superoffice_erpsync
from superoffice_erpsync import (
    CallOptions,
    ClientSettings,
    Limits,
    Outcome,
    Retry,
    Timeouts,
    batch,
    doctor,
    errors,
    mapping_files,
    models,
    report_page,
    sandbox,
)

NAMES = superoffice_erpsync.__all__
OTHERS = {
    "AccessToken",
    "CallOptions",
    "CallableSecret",
    "ClientSettings",
    "CommandSecret",
    "CookieSession",
    "EnvironmentSecret",
    "ErpSyncClient",
    "Exchange",
    "FileSecret",
    "GenericCredentials",
    "HttpBasic",
    "KeyringSecret",
    "Limits",
    "Retry",
    "SecretReference",
    "TicketCache",
    "TicketCredentials",
    "TicketRejection",
    "Timeouts",
    "UsernamePassword",
    "WindowsCredentials",
    "pack_languages",
    "pack_value",
    "text_in",
    "texts_by_language",
    "unpack_value",
}
OF_PACKAGES = {
    batch: {
        "BadKey",
        "CsvKeys",
        "Found",
        "InvalidKeys",
        "JournalError",
        "JournalLocked",
        "JsonLinesKeys",
        "KeyFate",
        "KeySource",
        "Keys",
        "Preflight",
        "Progress",
        "ResyncReport",
        "State",
        "StopReason",
        "Terms",
        "TextKeys",
        "open_report",
        "resume",
        "resync",
    },
    doctor: {"STEPS", "Fault", "Finding", "Level", "Setup", "examine", "unusable", "worst"},
    mapping_files: {
        "ActorPlan",
        "AppliedMappings",
        "Change",
        "ConnectionMappings",
        "InvalidMappingFile",
        "Lack",
        "MappingFile",
        "MappingPlan",
        "MappingsChanged",
        "MappingsLack",
        "WantedActor",
        "apply_plan",
        "compare_mappings",
        "fetch_mappings",
        "read_mapping_file",
        "write_mapping_file",
    },
    report_page: {"write_page"},
    sandbox: {
        "DEFAULT_PASSWORD",
        "DEFAULT_USER",
        "FREE_CONNECTOR_URL",
        "FaultRule",
        "Faults",
        "ReceivedCall",
        "Sandbox",
        "SandboxError",
        "SnapshotError",
    },
}
"""What is taken from a package below, and not from the top; whoever adds a name adds it here."""


@pytest.mark.parametrize("package", OF_PACKAGES, ids=lambda package: package.__name__.rpartition(".")[2])
def test_the_packages_below_show_these_names_and_no_others(package: ModuleType) -> None:
    assert set(package.__all__) == OF_PACKAGES[package]
    assert len(package.__all__) == len(OF_PACKAGES[package])
    undocumented = [name for name in package.__all__ if not inspect.getdoc(getattr(package, name))]
    assert undocumented == []


def test_the_names_are_sorted_and_each_stands_once() -> None:
    assert list(NAMES) == sorted(set(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_each_name_can_be_imported_and_is_documented(name: str) -> None:
    found = getattr(superoffice_erpsync, name)
    assert not name.startswith("_")
    documented = inspect.getdoc(found)
    assert documented
    if inspect.isclass(found) and not typing.is_typeddict(found):
        assert vars(found).get("__doc__"), f"{name} has only the docstring of its base"
        assert not documented.startswith(f"{name}("), f"{name} has only the docstring that dataclasses make"


@pytest.mark.parametrize("cls", [CallOptions, ClientSettings, Limits, Outcome, Retry, Timeouts])
def test_help_tells_what_each_of_these_words_means(cls: type) -> None:
    """Python keeps no text that stands below an annotation, or a member."""
    names = list(cls.__members__) if issubclass(cls, StrEnum) else list(inspect.get_annotations(cls))
    documented = inspect.getdoc(cls) or ""
    assert [name for name in names if f"\n    {name}: " not in documented] == []


def test_every_error_and_every_model_is_shown() -> None:
    of_errors = {name for name, cls in inspect.getmembers(errors, inspect.isclass) if cls.__module__ == errors.__name__}
    assert of_errors | set(models.__all__) <= set(NAMES)
    assert [name for name in models.__all__ if getattr(models, name) is not getattr(superoffice_erpsync, name)] == []
    assert list(models.__all__) == sorted(set(models.__all__))


def test_nothing_else_is_shown() -> None:
    """Names beside models and errors; whoever adds one adds it here."""
    others = set(NAMES) - set(models.__all__) - set(dir(errors))
    assert others == OTHERS


def test_a_star_import_brings_these_names_and_no_others() -> None:
    space: dict[str, object] = {}
    exec("from superoffice_erpsync import *", space)
    assert set(space) - {"__builtins__"} == set(NAMES)


def test_the_names_alone_load_no_library_that_a_call_needs() -> None:
    script = (
        "import sys, superoffice_erpsync\n"
        "superoffice_erpsync.Retry(), superoffice_erpsync.Limits(), superoffice_erpsync.ConfigurationError\n"
        "print(sorted({'certifi', 'keyring', 'lxml', 'stamina', 'urllib3', 'zeep'} & set(sys.modules)))\n"
        "superoffice_erpsync.ClientSettings\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert shown.stdout == "[]\n"
