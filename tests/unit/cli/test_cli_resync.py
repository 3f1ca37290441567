"""What `resync` takes together, what it refuses, and what its exit code says about many keys."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.batch import Progress, ResyncReport, State, StopReason, Terms
from superoffice_erpsync.batch.plan import check_of
from superoffice_erpsync.cli.keys import CommandKeys, FewKeys, crm_ids, few_or_many, keys_in
from superoffice_erpsync.cli.many import code_of_report
from superoffice_erpsync.cli.progress import as_line, rest_of
from superoffice_erpsync.cli.stopping import stopping
from superoffice_erpsync.errors import InvalidRequest

LOGIN = {"url": "https://crm.example.com/Remote/Services86", "ticket": "7T:abc"}
EXTERNAL = ("resync", "--connection", "1", "--actor-type", "Customer")
COUNTS = dict.fromkeys((state for state in State if state is not State.SPLIT), 0)


def report(calls: int = 1, stopped: StopReason | None = None, bad_keys: int = 0, **keys: int) -> ResyncReport:
    return ResyncReport(
        journal=Path("run.db"),
        terms=Terms(address="", operation="ForceResync", connection_id=1, actor_type=None, blank_values="overwrite"),
        source="keys",
        planned=True,
        keys=COUNTS | {State(name): count for name, count in keys.items()},
        chunks={},
        calls=calls,
        duplicates=0,
        bad_keys=bad_keys,
        seconds=1.0,
        changes={},
        stopped_because=stopped,
        stop_explanation=None,
        holder=None,
    )


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--connection", "0"), "--connection contradicts"),
        (("--actor-type", "Customer"), "--actor-type contradicts"),
        (("C1",), "a key contradicts"),
        (("--keys", "keys.txt"), "--keys contradicts"),
        (("--internal-ids", "ids.txt"), "--internal-ids contradicts"),
        (("--column", "No"), "--column contradicts"),
        (("--member", "no"), "--member contradicts"),
        (("--everything",), "--everything contradicts"),
        (("--blank-values", "overwrite"), "--blank-values contradicts"),
        (("--journal", "other.db"), "--journal contradicts"),
        (("--chunk-size", "10"), "--chunk-size contradicts"),
        (("--skip-bad-keys",), "--skip-bad-keys contradicts"),
        (("--preflight",), "--preflight contradicts"),
        (("--crm-id-column", "Id"), "--crm-id-column contradicts"),
        (("--dry-run",), "--dry-run contradicts"),
        ((), "there is no journal run.db"),
        (("--workers", "4", "--rate", "2.5", "--on-unknown", "ask", "--bisect-calls", "0"), "there is no journal"),
    ],
)
def test_a_run_goes_on_as_it_was_planned(erpsync: Any, client: Any, option: tuple[str, ...], said: str) -> None:
    result = erpsync("resync", "--resume", "run.db", *option, **LOGIN)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--keys", "k", "--column", "No", "--member", "no"), "exclude each other"),
        (("--member", "no", "C1"), "--member needs a file"),
        (("--everything", "--journal", "run.db"), "--journal is for batches"),
        (("--everything", "--on-unknown", "ask"), "--on-unknown is for batches"),
        (("--repeat-unknown", "--on-unknown", "ask", "C1"), "exclude each other"),
        (("--crm-id-column", "Id", "C1"), "--crm-id-column is for --preflight"),
        (("--preflight", "C1"), "--preflight is for --blank-values keep"),
        (("--preflight", "--blank-values", "keep", "C1"), "needs the CRM's record id of each key"),
        (
            ("--preflight", "--blank-values", "keep", "--keys", "-", "--column", "No", "--crm-id-column", "Id"),
            "since it is read twice",
        ),
        (("--journal", "run.db"), "there are no keys"),
        (("--chunk-size", "0", "C1"), "--chunk-size"),
        (("--workers", "0", "C1"), "--workers"),
    ],
)
def test_options_that_do_not_fit_are_refused(erpsync: Any, client: Any, options: tuple[str, ...], said: str) -> None:
    result = erpsync(*EXTERNAL, *options, **LOGIN)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert not client.made


def test_the_help_of_a_report_fits_80_columns(erpsync: Any) -> None:
    result = erpsync("report", "--help", columns="80")
    assert result.exit_code == 0
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_what_is_no_journal_has_no_report(erpsync: Any, tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("C1003", encoding="utf-8")
    for path in (file, tmp_path / "nothing"):
        result = erpsync("report", str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(path) in result.stderr


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (report(done=5), 0),
        (report(done=5, failed=1), 1),
        (report(done=5, refused=3), 1),
        (report(done=5, left_out=1), 1),
        (report(done=5, bad_keys=1), 1),
        (report(done=5, failed=1, unknown=1), 7),
        (report(done=5, planned=1, stopped=StopReason.ASKED), 9),
        (report(done=5, unknown=1, stopped=StopReason.SERVER_DOWN), 9),
        (report(planned=5, failed=1, stopped=StopReason.JOURNAL), 9),
        (report(planned=5, stopped=StopReason.LOGIN), 3),
        (report(planned=5, stopped=StopReason.CONFIGURATION), 2),
        (report(planned=5, done=1, stopped=StopReason.CONFIGURATION), 9),
        (report(done=5, stopped=StopReason.ASKED), 0),
    ],
)
def test_a_run_has_its_exit_code(found: ResyncReport, code: int) -> None:
    assert code_of_report(found) == code


def test_a_plan_alone_is_done_with_a_dry_run() -> None:
    assert code_of_report(report(calls=0, planned=5), dry_run=True) == 0
    assert code_of_report(report(calls=0, planned=5, left_out=1), dry_run=True) == 1


@pytest.mark.parametrize(
    ("keys", "few"),
    [
        ([f"C{number}" for number in range(500)], True),
        ([f"C{number}" for number in range(501)], False),
        (["K" * 400 + str(number) for number in range(300)], False),
    ],
    ids=["as many as one call takes", "one more", "too long for one request"],
)
def test_what_one_call_takes_is_one_call(tmp_path: Path, keys: list[str], few: bool) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("\n".join(keys), encoding="utf-8")
    found = few_or_many(CommandKeys([], keys_in(str(file), None, None)), check_of("Customer"))
    assert isinstance(found, FewKeys) is few
    read = found.keys if isinstance(found, FewKeys) else [one.value for one in found.read()]
    assert read == keys


def ids_in(file: Path, rows: str) -> dict[str, int]:
    file.write_text(f"No,Id\n{rows}", encoding="utf-8")
    return crm_ids(keys_in(str(file), "No", None), keys_in(str(file), "Id", None))


def test_record_ids_of_the_crm_come_from_another_column(tmp_path: Path) -> None:
    assert ids_in(tmp_path / "keys.csv", "C1, 11\nC2,\nC1,11\n\nC3,13,too much\nC4,14\n") == {"C1": 11, "C4": 14}


@pytest.mark.parametrize(
    ("rows", "said"),
    [("C1,x\n", "line 2: 'x' is no record id"), ("C1,0\n", "line 2: '0'"), ("C1,11\nC1,12\n", "line 3: C1 has")],
)
def test_what_is_no_record_id_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        ids_in(tmp_path / "keys.csv", rows)


def test_the_rest_is_told_as_soon_as_there_is_a_rate() -> None:
    begun = Progress(total=10_000, keys=COUNTS | {State.PLANNED: 10_000}, chunks={}, calls=0, seconds=0.0, rate=0.0)
    assert as_line(begun) == "0 of 10,000 keys (0%), 0 keys/s, time left unknown, refused 0, unknown 0"
    keys = {State.DONE: 2_400, State.FAILED: 60, State.REFUSED: 40, State.UNKNOWN: 500, State.PLANNED: 7_000}
    later = replace(begun, keys=COUNTS | keys, rate=250.0)
    assert rest_of(later) == timedelta(seconds=30)
    assert as_line(later) == "2,500 of 10,000 keys (25%), 250 keys/s, 0:00:30 left, refused 100, unknown 500"


def test_before_the_first_call_a_signal_interrupts_and_then_it_asks() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopping() as stop, pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    with stopping() as stop:
        stop.sending = True
        assert not stop.is_set()
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
    assert signal.getsignal(signal.SIGINT) is before
