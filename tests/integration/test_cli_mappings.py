"""`erpsync mappings` between two installations in boxes: from the one into a file, and from there to the other."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from integration.command_apart import environment, forget_settings
from integration.terminal import Terminal
from superoffice_erpsync.cli.app import app
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.faults import FaultRule
from superoffice_erpsync.sandbox.state.mappings import FieldMapping

WIRES = ("services86", "services88", "rest")
PASSWORD = "p<ss & wörd"


@pytest.fixture(scope="module")
def boxes() -> Iterator[tuple[Sandbox, Sandbox]]:
    with Sandbox(users={"me": PASSWORD}) as one, Sandbox(users={"me": PASSWORD}) as other:
        yield one, other


@pytest.fixture
def test_box(boxes: tuple[Sandbox, Sandbox]) -> Sandbox:
    """The installation that mappings are exported from."""
    boxes[0].reset()
    return boxes[0]


@pytest.fixture
def prod_box(boxes: tuple[Sandbox, Sandbox]) -> Sandbox:
    """The installation that they are applied to."""
    boxes[1].reset()
    return boxes[1]


@pytest.fixture(autouse=True)
def _login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forget_settings(monkeypatch)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("ERPSYNC_USERNAME", "me")
    monkeypatch.setenv("ERPSYNC_PASSWORD", PASSWORD)


def at(box: Sandbox, wire: str = "services86") -> list[str]:
    """The options that lead to an installation, over one of the wires."""
    if wire == "rest":
        return ["--transport", "rest", "--url", box.rest_url]
    return ["--url", box.services88_url if wire == "services88" else box.url]


def mappings(what: str, *arguments: str | Path, stdin: str = "") -> Result:
    """Run the command in this process, which is much quicker."""
    return CliRunner().invoke(app, ["mappings", what, *map(str, arguments)], input=stdin, prog_name="erpsync")


def exported(box: Sandbox, path: Path, *arguments: str) -> Path:
    result = mappings("export", path, "--connection", "1", *arguments, *at(box))
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    return path


def field(box: Sandbox, key: str, actor_type: str = "Customer") -> FieldMapping:
    return box.state.connections[1].mappings[actor_type].field_of(key)


def changed(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


def saves(box: Sandbox) -> int:
    return sum(call.operation == "SaveActorTypeMapping" for call in box.received)


@pytest.mark.parametrize("wire", WIRES)
def test_mappings_move_from_one_installation_to_the_other(
    wire: str, test_box: Sandbox, prod_box: Sandbox, tmp_path: Path
) -> None:
    field(test_box, "PHONE").sync_to_erp = False
    field(test_box, "CITY").crm_field_key = ""
    field(test_box, "CITY").sync_to_crm = False
    field(test_box, "EMAIL", "Person").show_in_search = True
    file = tmp_path / "moved.toml"
    assert mappings("export", file, "--connection", 1, *at(test_box, wire)).exit_code == 0
    target = ("--connection", 1, *at(prod_box, wire))
    first = mappings("apply", file, *target, "--dry-run", "--output", "json")
    assert first.exit_code == 1, first.stderr
    assert json.loads(first.stdout) == [
        {"ActorType": "Customer", "ErpFieldKey": "CITY", "Setting": "crm_field_key", "From": "city", "To": ""},
        {"ActorType": "Customer", "ErpFieldKey": "CITY", "Setting": "sync_to_crm", "From": True, "To": False},
        {"ActorType": "Customer", "ErpFieldKey": "PHONE", "Setting": "sync_to_erp", "From": True, "To": False},
        {"ActorType": "Person", "ErpFieldKey": "EMAIL", "Setting": "show_in_search", "From": False, "To": True},
    ]
    assert saves(prod_box) == 0
    applied = mappings("apply", file, *target, "--yes")
    assert applied.exit_code == 0, applied.stderr
    assert "Customer: saved and read back\nPerson: saved and read back\n" in applied.stderr
    assert ["Customer", "CITY", "crm_field_key", "city"] in [line.split() for line in applied.stdout.splitlines()]
    assert (field(prod_box, "PHONE").sync_to_erp, field(prod_box, "CITY").crm_field_key) == (False, "")
    assert field(prod_box, "EMAIL", "Person").show_in_search is True
    assert saves(prod_box) == 2
    again = mappings("apply", file, *target)
    assert (again.exit_code, again.stdout) == (0, ""), again.stderr
    assert "connection 1 (Nordic Ledger Norway): nothing to change" in again.stderr


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("connection", [1, 3])
def test_what_was_exported_changes_nothing_where_it_comes_from(
    wire: str, connection: int, test_box: Sandbox, tmp_path: Path
) -> None:
    field(test_box, "PHONE").missing_in_erp = True
    field(test_box, "CITY").crm_field_key = "gone"
    file = tmp_path / "same.toml"
    place = ("--connection", connection, *at(test_box, wire))
    assert mappings("export", file, *place).exit_code == 0
    result = mappings("apply", file, *place, "--dry-run", "--output", "csv")
    assert (result.exit_code, result.stdout) == (0, "ActorType,ErpFieldKey,Setting,From,To\n"), result.stderr


def test_a_file_is_the_same_over_every_wire_and_has_no_secret(test_box: Sandbox) -> None:
    results = [mappings("export", "--connection", "1", *at(test_box, wire)) for wire in WIRES]
    text = results[0].stdout
    assert [result.stdout for result in results] == [text] * 3
    assert "made-up-1" not in text
    assert "1001" not in text
    assert text.startswith("# Field mappings of Nordic Ledger Norway\nformat = 1\n\n[Customer]\n")
    assert "# City (Text) -> City\nCITY = {" in text
    only = mappings("export", "--connection", "1", "--actor-type", "person", *at(test_box))
    assert only.stdout.count("actor_type_crm") == 1


def test_a_file_that_is_there_is_replaced_and_no_other_left_behind(test_box: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "æ.toml"
    file.write_text("old", encoding="utf-8")
    if os.name == "posix":
        file.chmod(0o640)
    exported(test_box, file)
    assert file.read_bytes().startswith(b"# Field mappings")
    assert b"\r" not in file.read_bytes()
    assert os.name != "posix" or file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    result = mappings("export", tmp_path / "none" / "file.toml", "--connection", 1, *at(test_box))
    assert result.exit_code == 2
    assert "cannot be written: No such file" in result.stderr


def test_mappings_are_shown_with_labels_in_one_language(test_box: Sandbox) -> None:
    field(test_box, "PHONE").display_name = 'US:"Telephone" NO:"Telefon"'
    place = ("--connection", "1", "--actor-type", "Customer")
    table = mappings("show", *place, *at(test_box)).stdout
    rows = [line.split() for line in table.splitlines()]
    assert ["Customer", "PHONE", "Telephone", "<->", "phone", "Telephone"] in rows
    assert ["Customer", "ORGNO", "Organisation", "number", "->", "orgnr", "Organisation", "number"] in rows
    norwegian = mappings("show", *place, "--language", "no", *at(test_box, "rest")).stdout
    assert ["Customer", "PHONE", "Telefon", "<->", "phone", "Telephone"] in [
        line.split() for line in norwegian.splitlines()
    ]
    whole = csv.DictReader(io.StringIO(mappings("show", *place, "--output", "csv", *at(test_box)).stdout))
    phone = next(row for row in whole if row["ErpFieldKey"] == "PHONE")
    assert phone["ErpDisplayName"] == 'US:"Telephone" NO:"Telefon"'
    assert (phone["FieldType"], phone["SyncToCrm"], phone["ActorTypeCrm"]) == ("Text", "true", "Contact")


def test_global_options_may_stand_before_the_group(test_box: Sandbox) -> None:
    arguments = [*at(test_box, "rest"), "--output", "ndjson", "mappings", "show", "--connection", "3"]
    result = CliRunner().invoke(app, arguments, prog_name="erpsync")
    assert result.exit_code == 0, result.stderr
    assert [json.loads(line)["ErpFieldKey"] for line in result.stdout.splitlines()] == ["TITLE", "VATNO", "CURRENCY"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "--connection", "99"), "there is no connection 99"),
        (("export", "--connection", "1", "--actor-type", "Employee"), "connection 1 has no Employee"),
        (("export", "--connection", "1", "--actor-type", "Clown"), "--actor-type Clown is unknown"),
        (("apply", "/nowhere/at-all.toml", "--connection", "1"), "cannot be read"),
    ],
)
def test_what_does_not_exist_is_named(arguments: tuple[str, ...], words: str, test_box: Sandbox) -> None:
    result = mappings(*arguments, *at(test_box))
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_what_the_installation_lacks_is_told_and_nothing_is_applied(
    test_box: Sandbox, prod_box: Sandbox, tmp_path: Path
) -> None:
    file = exported(test_box, tmp_path / "moved.toml", "--actor-type", "Customer", "--actor-type", "Project")
    changed(file, "PHONE = {", "PHONES = {")
    changed(file, 'SINCE = {crm_field_key = "customerSince"', 'SINCE = {crm_field_key = "customerFrom"')
    changed(file, "[Project]\n", "[Employee]\n")
    changed(file, "[Project.fields]\n", "[Employee.fields]\n")
    field(prod_box, "CITY").missing_in_erp = True
    changed(
        file,
        'CITY = {crm_field_key = "city", sync_to_crm = true',
        'CITY = {crm_field_key = "city", sync_to_crm = false',
    )
    target = ("--connection", 1, *at(prod_box))
    result = mappings("apply", file, *target, "--yes")
    assert result.exit_code == 2
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("PHONES"))
    assert f"error: {file}:{number}: Customer has no field PHONES in the ERP (did you mean PHONE?)" in result.stderr
    assert "the ERP no longer has the field CITY of Customer" in result.stderr
    assert "connection 1 has no Employee" in result.stderr
    assert saves(prod_box) == 0
    skipped = mappings("apply", file, *target, "--yes", "--skip-missing")
    assert skipped.exit_code == 1, skipped.stderr
    assert "the CRM has no field customerFrom of Contact, which SINCE is to be mapped to" in skipped.stderr
    assert field(prod_box, "SINCE").crm_field_key == "customerSince"
    assert field(prod_box, "CITY").sync_to_crm is True


@pytest.mark.parametrize("wire", WIRES)
def test_a_field_that_the_crm_lacks_is_tried_and_everything_put_back(
    wire: str, test_box: Sandbox, prod_box: Sandbox, tmp_path: Path
) -> None:
    file = exported(test_box, tmp_path / "moved.toml")
    changed(file, 'LASTNAME = {crm_field_key = "lastName"', 'LASTNAME = {crm_field_key = "surname"')
    changed(
        file,
        'PAYMENTDAYS = {crm_field_key = "paymentDays", sync_to_crm = true',
        'PAYMENTDAYS = {crm_field_key = "paymentDays", sync_to_crm = false',
    )
    target = ("--connection", 1, *at(prod_box, wire))
    result = mappings("apply", file, *target, "--yes")
    assert result.exit_code == 2, result.stderr
    assert "the CRM has no field surname of Person, which LASTNAME is to be mapped to" in result.stderr
    assert "put back as they were: Person" in result.stderr
    assert field(prod_box, "LASTNAME", "Person").crm_field_key == "lastName"
    assert field(prod_box, "LASTNAME", "Person").sync_to_crm is True
    assert field(prod_box, "PAYMENTDAYS").sync_to_crm is True
    skipped = mappings("apply", file, *target, "--yes", "--skip-missing")
    assert skipped.exit_code == 1
    assert "left out: " in skipped.stderr
    assert field(prod_box, "LASTNAME", "Person").crm_field_key == "lastName"
    assert field(prod_box, "PAYMENTDAYS").sync_to_crm is False


def test_without_a_terminal_it_takes_yes(test_box: Sandbox, prod_box: Sandbox, tmp_path: Path) -> None:
    file = exported(test_box, tmp_path / "moved.toml")
    field(prod_box, "PHONE").sync_to_erp = False
    result = mappings("apply", file, "--connection", 1, *at(prod_box))
    assert result.exit_code == 2
    assert "PHONE" in result.stdout
    assert "hint: pass --yes" in result.stderr
    assert saves(prod_box) == 0
    piped = mappings("apply", "-", "--connection", 1, "--yes", *at(prod_box), stdin=file.read_text(encoding="utf-8"))
    assert piped.exit_code == 0, piped.stderr
    assert field(prod_box, "PHONE").sync_to_erp is True


def test_a_mistake_in_the_file_is_told_before_anything_is_asked(prod_box: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "moved.toml"
    file.write_text("[Customer.fields]\n\nPHONE = { sync_to_cmr = true }\n", encoding="utf-8")
    result = mappings("apply", file, "--connection", 1, *at(prod_box))
    assert result.exit_code == 2
    assert f"error: {file}:3: sync_to_cmr is no setting of a field" in result.stderr
    assert "hint: did you mean sync_to_crm?" in result.stderr
    assert len(prod_box.received) == 0
    file.write_bytes("[Customer]\n# Kunde på norsk\n".encode("latin-1"))
    assert "line 2 is not UTF-8" in mappings("apply", file, "--connection", 1, *at(prod_box)).stderr


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("server_fault", 9, "stopped at Person; applied: Customer"),
        ("lost_answer", 0, "Project: saved and read back"),
        ("drop", 7, "stopped at Person; applied: Customer"),
    ],
)
def test_a_failure_in_the_middle_tells_what_was_applied_and_what_not(
    kind: str, code: int, words: str, test_box: Sandbox, prod_box: Sandbox, tmp_path: Path
) -> None:
    file = exported(test_box, tmp_path / "moved.toml")
    for key, actor_type in (("PHONE", "Customer"), ("MOBILE", "Person"), ("STATUS", "Project")):
        field(prod_box, key, actor_type).sync_to_crm = False
    prod_box.faults.add(FaultRule(kind=kind, operation="SaveActorTypeMapping", skip=1, count=1))  # type: ignore[arg-type]
    result = mappings("apply", file, "--connection", 1, "--yes", *at(prod_box))
    assert result.exit_code == code, result.stderr
    assert words in result.stderr
    assert field(prod_box, "PHONE").sync_to_crm is True
    if code:
        assert "not applied: Project" in result.stderr
        assert field(prod_box, "STATUS", "Project").sync_to_crm is False
        assert mappings("apply", file, "--connection", 1, "--yes", *at(prod_box)).exit_code == 0
    assert field(prod_box, "STATUS", "Project").sync_to_crm is True


def test_lists_that_belong_to_another_field_now_are_named(test_box: Sandbox, prod_box: Sandbox, tmp_path: Path) -> None:
    file = exported(test_box, tmp_path / "moved.toml")
    group = field(prod_box, "PRICEGROUP")
    group.crm_field_key, group.sync_to_erp = "", False
    result = mappings("apply", file, "--connection", 1, "--yes", *at(prod_box))
    assert result.exit_code == 0, result.stderr
    assert "the items of the list Customer PRICEGROUP are to be mapped anew" in result.stderr


def on_terminal(file: Path, box: Sandbox) -> Terminal:
    login = {"ERPSYNC_USERNAME": "me", "ERPSYNC_PASSWORD": PASSWORD}
    arguments = ("apply", str(file), "--connection", "1", *at(box))
    return Terminal("mappings", *arguments, environment=environment(**login))


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are of another kind there")
@pytest.mark.parametrize(
    ("answer", "code", "words"), [("y", 0, "saved and read back"), ("n", 2, "it was not confirmed")]
)
def test_on_a_terminal_it_asks(
    answer: str, code: int, words: str, test_box: Sandbox, prod_box: Sandbox, tmp_path: Path
) -> None:
    file = exported(test_box, tmp_path / "moved.toml")
    field(prod_box, "PHONE").sync_to_erp = False
    with on_terminal(file, prod_box) as terminal:
        terminal.read_until("[y/N]")
        assert saves(prod_box) == 0
        assert terminal.answer(answer) == code, terminal.said
    assert words in terminal.said
    assert field(prod_box, "PHONE").sync_to_erp is (answer == "y")


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are of another kind there")
def test_a_change_by_somebody_else_meanwhile_is_noticed(test_box: Sandbox, prod_box: Sandbox, tmp_path: Path) -> None:
    file = exported(test_box, tmp_path / "moved.toml")
    field(prod_box, "PHONE").sync_to_erp = False
    with on_terminal(file, prod_box) as terminal:
        terminal.read_until("[y/N]")
        field(prod_box, "CITY").show_in_search = True
        assert terminal.answer("y") == 2, terminal.said
    assert "somebody else has changed the mappings of Customer" in terminal.said
    assert "applied: nothing" in terminal.said
    assert saves(prod_box) == 0
