"""A Windows login from end to end: real tokens of Negotiate and NTLM, judged by a real acceptor."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from superoffice_erpsync import AuthenticationError, ConfigurationError, ErpSyncClient, ErpSyncError, Outcome
from superoffice_erpsync.auth import CallableSecret, WindowsCredentials
from superoffice_erpsync.sandbox import Sandbox
from superoffice_erpsync.sandbox.front.door import WebLogin

pytest.importorskip("spnego", reason="pyspnego is not installed")

ACCOUNT = "CRM\\tje0"
PASSWORD = "Blåbær-syltetøy"
REFUSED = WebLogin("Negotiate", None)

T = TypeVar("T")
Login = Callable[..., ErpSyncClient]


@pytest.fixture(scope="module")
def module_box() -> Iterator[Sandbox]:
    with Sandbox(windows_users={ACCOUNT: PASSWORD, "CRM\\nobody0": PASSWORD, "CRM\\ascii0": "plain"}) as box:
        yield box


@pytest.fixture
def login() -> Iterator[Login]:
    with ExitStack() as stack:

        def made(box: Sandbox, credentials: WindowsCredentials) -> ErpSyncClient:
            return stack.enter_context(ErpSyncClient.soap(box.url, credentials, timeout=10))

        yield made


@pytest.mark.parametrize("schemes", [("Negotiate", "NTLM"), ("Negotiate",), ("NTLM",), ("NTLM", "Negotiate")])
def test_the_account_gets_a_ticket_and_calls_go_through(schemes: tuple[str, ...], login: Login) -> None:
    with Sandbox(windows_users={ACCOUNT: PASSWORD}, windows_schemes=schemes) as box:
        client = login(box, WindowsCredentials(ACCOUNT, PASSWORD))
        assert client.get_engine_status() is not None
        assert client.get_engine_status() is not None
        expected = "Negotiate" if "Negotiate" in schemes else "NTLM"
        assert box.web_logins == [WebLogin(expected, ACCOUNT)]
        assert [call.operation for call in box.received] == [
            "AuthenticateImplicit",
            "GetEngineStatus",
            "GetEngineStatus",
        ]


def test_an_expired_ticket_is_renewed_on_the_connection_that_is_logged_in(login: Login) -> None:
    with Sandbox(windows_users={ACCOUNT: PASSWORD}) as box:
        client = login(box, WindowsCredentials(ACCOUNT, PASSWORD))
        client.get_engine_status()
        box.expire_tickets()
        client.get_engine_status()
        assert (box.logins, len(box.web_logins)) == (2, 1)


def test_the_ticket_is_good_for_rest(module_box: Sandbox) -> None:
    credentials = WindowsCredentials(ACCOUNT, PASSWORD)
    with ErpSyncClient.rest(module_box.rest_url, credentials, soap_url=module_box.url) as client:
        assert client.get_engine_status() is not None


def test_ntlm_alone_is_used_where_the_user_wants_it(module_box: Sandbox, login: Login) -> None:
    client = login(module_box, WindowsCredentials(ACCOUNT, PASSWORD, protocol="ntlm"))
    assert client.get_engine_status() is not None
    assert module_box.web_logins[-1] == WebLogin("NTLM", ACCOUNT)


def test_a_wrong_password_is_shown_once_however_often_one_calls(login: Login) -> None:
    with Sandbox(windows_users={ACCOUNT: PASSWORD}) as box:
        client = login(box, WindowsCredentials(ACCOUNT, "wrong"))
        for _ in range(3):
            with pytest.raises(AuthenticationError, match=r"refuses the Windows login of 'CRM\\\\tje0'") as caught:
                client.get_engine_status()
            assert caught.value.status == 401
            assert caught.value.hint
        assert box.web_logins == [REFUSED]
        assert box.received == []


def test_a_wrong_password_is_shown_once_by_many_threads(login: Login) -> None:
    with Sandbox(windows_users={ACCOUNT: PASSWORD}) as box:
        client = login(box, WindowsCredentials(ACCOUNT, "wrong"))
        errors = _at_once(8, lambda: _error_of(client.get_system_info))
        assert {type(error) for error in errors} == {AuthenticationError}
        assert box.web_logins == [REFUSED]


def test_a_password_that_was_corrected_where_it_is_kept_is_tried(login: Login) -> None:
    kept = ["wrong"]
    with Sandbox(windows_users={ACCOUNT: PASSWORD}) as box:
        client = login(box, WindowsCredentials(ACCOUNT, CallableSecret(lambda: kept[0])))
        assert isinstance(_error_of(client.get_system_info), AuthenticationError)
        assert isinstance(_error_of(client.get_system_info), AuthenticationError)
        kept[0] = PASSWORD
        assert client.get_system_info() is not None
        assert box.web_logins == [REFUSED, WebLogin("Negotiate", ACCOUNT)]


def test_many_threads_log_in_on_connections_of_their_own(login: Login) -> None:
    with Sandbox(windows_users={ACCOUNT: PASSWORD}) as box:
        client = login(box, WindowsCredentials(ACCOUNT, PASSWORD))
        statuses = _at_once(8, lambda: [client.get_engine_status() for _ in range(3)])
        assert all(all(status is not None for status in some) for some in statuses)
        assert 1 <= len(box.web_logins) <= 8
        assert {one.account for one in box.web_logins} == {ACCOUNT}
        assert box.logins == 1


def test_an_account_without_a_user_is_refused_by_the_login_itself(module_box: Sandbox, login: Login) -> None:
    client = login(module_box, WindowsCredentials("CRM\\nobody0", PASSWORD))
    with pytest.raises(AuthenticationError, match="Windows login of 'CRM") as caught:
        client.get_engine_status()
    assert caught.value.operation == "AuthenticateImplicit"


def test_a_server_with_basic_only_is_named_as_such(login: Login) -> None:
    with Sandbox(basic_users={"web": "secret"}) as box:
        client = login(box, WindowsCredentials(ACCOUNT, PASSWORD))
        with pytest.raises(ConfigurationError, match="it offers Basic") as caught:
            client.get_engine_status()
        assert "HttpBasic" in (caught.value.hint or "")
        assert box.web_logins == []


def test_a_server_without_ntlm_is_named_as_such(login: Login) -> None:
    with Sandbox(windows_users={ACCOUNT: PASSWORD}, windows_schemes=["Negotiate"]) as box:
        client = login(box, WindowsCredentials(ACCOUNT, PASSWORD, protocol="ntlm"))
        with pytest.raises(ConfigurationError, match="it offers Negotiate") as caught:
            client.get_engine_status()
        assert "protocol" in (caught.value.hint or "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has an account for every process")
@pytest.mark.parametrize("protocol", ["negotiate", "ntlm"])
def test_without_a_name_there_is_no_account_where_the_system_has_none(
    protocol: str, module_box: Sandbox, login: Login, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.delenv("NTLM_USER_FILE", raising=False)
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path}/none")
    client = login(module_box, WindowsCredentials(protocol=protocol))  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="this process has no account") as caught:
        client.get_engine_status()
    assert caught.value.outcome is Outcome.NOT_SENT
    assert "username" in (caught.value.hint or "")


_WITHOUT = """
import sys
sys.modules["spnego"] = None
from superoffice_erpsync import ErpSyncClient, WindowsCredentials
from superoffice_erpsync.sandbox import Sandbox
for make in (
    lambda: ErpSyncClient.soap("http://127.0.0.1:9/Remote/Services86", WindowsCredentials("a", "b")),
    lambda: Sandbox(windows_users={"a": "b"}),
):
    try:
        make()
    except Exception as error:
        print(type(error).__name__, error)
"""


def test_without_pyspnego_client_and_sandbox_say_how_to_get_it() -> None:
    done = subprocess.run([sys.executable, "-c", _WITHOUT], capture_output=True, encoding="utf-8", timeout=60)
    client, sandbox = done.stdout.splitlines()
    assert client.startswith("ConfigurationError")
    assert "pip install 'superoffice-erpsync[windows]'" in client
    assert sandbox.startswith("SandboxError")
    assert 'pip install "superoffice-erpsync[sandbox,windows]"' in sandbox


@pytest.mark.parametrize(
    "users",
    [{"CRM\\tje0": "a:b"}, {"a:b": "c"}, {"a": "b\nc:d:e"}, {"CRM\\": "a"}],
    ids=["password", "name", "line", "none"],
)
def test_the_sandbox_refuses_accounts_that_it_cannot_serve(users: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="account"):
        Sandbox(windows_users=users)
    with pytest.raises(ValueError, match="Kerberos"):
        Sandbox(windows_users={"a": "b"}, windows_schemes=["Kerberos"])


def test_no_process_is_left_when_the_sandbox_stops(login: Login) -> None:
    before = _children()
    with Sandbox(windows_users={ACCOUNT: PASSWORD}) as box:
        login(box, WindowsCredentials(ACCOUNT, PASSWORD)).get_engine_status()
        assert len(_children() - before) == 1
    assert _children() <= before


def test_curl_is_let_in_too(module_box: Sandbox) -> None:
    curl = shutil.which("curl")
    if curl is None or "NTLM" not in subprocess.run([curl, "-V"], capture_output=True, text=True).stdout:
        pytest.skip("there is no curl that speaks NTLM")
    before = len(module_box.web_logins)
    done = subprocess.run(
        [curl, "-sS", "--ntlm", "-K", "-", f"{module_box.url}/ErpSync.svc?wsdl"],
        # Its own NTLM knows passwords in ASCII only.
        input='user = "CRM\\\\ascii0:plain"\n',
        capture_output=True,
        encoding="utf-8",
        timeout=30,
    )
    assert "definitions" in done.stdout, done.stderr
    assert module_box.web_logins[before:] == [WebLogin("NTLM", "CRM\\ascii0")]


def _children() -> set[str]:
    mine = Path("/proc/self/task")
    if not mine.exists():
        pytest.skip("the system does not list a process's children in /proc")
    return {child for task in mine.iterdir() for child in (task / "children").read_text(encoding="ascii").split()}


def _error_of(call: Callable[[], object]) -> ErpSyncError | None:
    try:
        call()
    except ErpSyncError as error:
        return error
    return None


def _at_once(number: int, call: Callable[[], T]) -> list[T]:
    together = threading.Barrier(number)

    def one(_: int) -> T:
        together.wait()
        return call()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))
