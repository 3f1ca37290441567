"""The trace: appended, for the owner alone, and never in the way of a call."""

from __future__ import annotations

import io
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from superoffice_erpsync.cli.tracing import Trace, as_text, tracing
from superoffice_erpsync.errors import ConfigurationError
from superoffice_erpsync.transports.exchange import Exchange

EXCHANGE = Exchange(
    operation="SyncAll",
    url="https://crm.example.com/Remote/Services86/ErpSync.svc",
    request_headers={"SOAPAction": "x"},
    request="<a>æ</a>",
    status=200,
    response_headers={"Content-Type": "text/xml"},
    response="<b/>",
    seconds=0.25,
    error=None,
)


def test_an_exchange_as_text() -> None:
    assert as_text(EXCHANGE, datetime(2026, 1, 31, 12, tzinfo=UTC)) == (
        "==== 2026-01-31T12:00:00.000+00:00 SyncAll to https://crm.example.com/Remote/Services86/ErpSync.svc\n"
        "SOAPAction: x\n\n<a>æ</a>\n"
        "---- HTTP 200 after 0.250 s\n"
        "Content-Type: text/xml\n\n<b/>\n\n"
    )


def test_it_is_appended(tmp_path: Path) -> None:
    file = tmp_path / "trace.txt"
    file.write_text("before\n", encoding="utf-8")
    with tracing(file) as observer:
        assert observer is not None
        observer(EXCHANGE)
        assert "<a>æ</a>" in file.read_text("utf-8")  # as it happens, not at the end
        observer(EXCHANGE)
    text = file.read_bytes().decode("utf-8")
    assert text.startswith("before\n====")
    assert text.count("SyncAll") == 2
    assert "\r" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
@pytest.mark.parametrize("there_before", [False, True])
def test_it_is_the_owners_alone(tmp_path: Path, there_before: bool) -> None:
    file = tmp_path / "trace.txt"
    if there_before:
        file.touch()
        file.chmod(0o644)
    with tracing(file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="there is no /dev/null")
def test_what_is_no_file_keeps_its_permissions() -> None:
    before = Path("/dev/null").stat().st_mode
    with tracing(Path("/dev/null")) as observer:
        assert observer is not None
        observer(EXCHANGE)
    assert Path("/dev/null").stat().st_mode == before


def test_a_place_that_cannot_be_written_is_said_before_anything_is_sent(
    erpsync: Any, client: Any, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError), tracing(tmp_path):
        pass
    url = "https://crm.example.com/Remote/Services86"
    result = erpsync("ping", "--url", url, "--trace", str(tmp_path / "none" / "trace.txt"))
    assert result.exit_code == 2
    assert "the trace cannot be written" in result.stderr
    assert not client.made


def test_a_full_disk_ends_the_trace_and_not_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    trace = Trace(Full())
    trace.write(EXCHANGE)
    trace.write(EXCHANGE)
    trace.close()
    assert capsys.readouterr().err.count("No space left on device") == 1
