"""The sandbox as its users hold it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from superoffice_erpsync.sandbox.errors import SandboxError
from superoffice_erpsync.sandbox.faults import FaultRule, Faults
from superoffice_erpsync.sandbox.front.door import WINDOWS_SCHEMES, FrontDoor, WebLogin
from superoffice_erpsync.sandbox.installation import Installation, utc_now
from superoffice_erpsync.sandbox.received import ReceivedCall
from superoffice_erpsync.sandbox.state import State
from superoffice_erpsync.sandbox.state.bulk import Seeded
from superoffice_erpsync.sandbox.state.seed import DEFAULT_USERS
from superoffice_erpsync.sandbox.state.sessions import SIX_HOURS
from superoffice_erpsync.sandbox.state_file import StateFile

if TYPE_CHECKING:
    from superoffice_erpsync.sandbox.http.listening import ServerThread

_WAKE_SECONDS = 0.2


class Sandbox:
    """An installation in a box: a server of SOAP and REST on this machine with a seeded state of its own.

    Use it as a context manager, or call `start` and `stop`. Every sandbox starts with the same fresh state, which
    lives as long as the object, also over a stop and a new start, or longer: in a file.

    Args:
        port: 0 takes any free one.
        host: An address of this machine. The loopback address keeps everybody else out, which a server with a
            well-known password needs.
        ticket_lifetime: Of a ticket that nobody uses.
        max_request_bytes: A larger SOAP request is refused with 413, as WCF does; None for no limit.
        max_rest_request_bytes: A larger REST request is refused with 413; None for no limit.
        users: Passwords by user name.
        access_tokens: Names of users by access token, such as `{"8A:…": "tje0"}`, for REST's Bearer and for the
            login with a token; None for `8A:Sandbox.tje0`, which is good for tje0.
        generic_logins: Keys and values by name of the user who logs in with just these.
        implicit_user: Whom the operating system is taken to vouch for; None for nobody, as here is no Windows.
        windows_users: Passwords by Windows account, such as `{"CRM\\\\tje0": "…"}`. With them the SOAP services let in
            only who logs in with Negotiate or NTLM, as IIS does with Windows authentication, and AuthenticateImplicit
            is for the user of the same name without the domain, else for `implicit_user`. Needs pyspnego.
        windows_schemes: What of `Negotiate` and `NTLM` is offered, in this order.
        basic_users: Passwords by name. With them the SOAP services let in who logs in with HTTP Basic, as IIS does.
        latency: Waited before every answer to a call.
        gzip: Whether answers are packed for callers who take that, as IIS can be set up to do. Packed requests are
            always read.
        faults: What goes wrong from the beginning; see `faults`.
        clock: Gives the time, with its zone, to tickets, queue and engine.
        state_file: Where the state is read from when the sandbox starts, and kept while it runs: what a call changed
            is on the disk before its answer is sent. A file that is not there begins with the state as it is. Only
            one sandbox at a time holds a file. What `state` was changed to is stored with the next call that changes
            something, or when the sandbox stops. Tickets, received calls and faults are not in it.

    Raises:
        ValueError: A token, a generic login or the implicit login names somebody who is not among the users; or an
            account in front of the services cannot be served.
        SandboxError: There are Windows accounts, and pyspnego is not installed.
    """

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        ticket_lifetime: timedelta = SIX_HOURS,
        max_request_bytes: int | None = 65_536,
        max_rest_request_bytes: int | None = 30_000_000,
        users: Mapping[str, str] = DEFAULT_USERS,
        access_tokens: Mapping[str, str] | None = None,
        generic_logins: Mapping[str, Mapping[str, str]] | None = None,
        implicit_user: str | None = None,
        windows_users: Mapping[str, str] | None = None,
        windows_schemes: Sequence[str] = WINDOWS_SCHEMES,
        basic_users: Mapping[str, str] | None = None,
        latency: timedelta = timedelta(0),
        gzip: bool = False,
        faults: Iterable[FaultRule] = (),
        clock: Callable[[], datetime] = utc_now,
        state_file: str | os.PathLike[str] | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._max_request_bytes = max_request_bytes
        self._max_rest_request_bytes = max_rest_request_bytes
        self._latency = latency
        self._gzip = gzip
        self._installation = Installation(
            users,
            ticket_lifetime,
            clock,
            access_tokens=access_tokens,
            generic_logins=generic_logins,
            implicit_user=implicit_user,
            faults=faults,
        )
        self._door = FrontDoor(windows_users or {}, windows_schemes, basic_users or {})
        self._state_file = None if state_file is None else StateFile(state_file)
        self._thread: ServerThread | None = None

    def __repr__(self) -> str:
        where = f"url={self.url!r}" if self._port else "not started"
        return f"Sandbox({where}, running={self.running})"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the `.svc` files lie, `http://127.0.0.1:PORT/Remote/Services86`.

        Raises:
            SandboxError: The port is 0 and the sandbox has not started, so that nobody knows it yet.
        """
        return f"{self._root}/Remote/Services86"

    @property
    def services88_url(self) -> str:
        """Where the `.svc` files of Services88 lie; see `url`. Services87 has its place beside them."""
        return f"{self._root}/Remote/Services88"

    @property
    def rest_url(self) -> str:
        """The base of the REST API, `http://127.0.0.1:PORT/api`; see `url`."""
        return f"{self._root}/api"

    @property
    def control_url(self) -> str:
        """The base of the control API, `http://127.0.0.1:PORT/_sandbox`, which no real installation has; see `url`."""
        return f"{self._root}/_sandbox"

    @property
    def page_url(self) -> str:
        """The page to look at, `http://127.0.0.1:PORT/`; see `url`."""
        return f"{self._root}/"

    @property
    def addresses(self) -> dict[str, str]:
        """All of these by name; see `url`."""
        return {
            "Services86": self.url,
            "Services88": self.services88_url,
            "REST": self.rest_url,
            "Control": self.control_url,
            "Page": self.page_url,
        }

    @property
    def _root(self) -> str:
        if not self._port:
            raise SandboxError("The sandbox has not started, so its port is not chosen yet.")
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def running(self) -> bool:
        """Whether it answers."""
        return self._thread is not None

    @property
    def state(self) -> State:
        """Everything the installation knows, to read and to change; hold `lock` where a call may come in between."""
        return self._installation.state

    @property
    def lock(self) -> threading.RLock:
        """Held while a call is carried out."""
        return self._installation.lock

    @property
    def received(self) -> list[ReceivedCall]:
        """The calls that named an operation, in the order of the answers: the latest 10,000.

        When large arguments take too much room, those of the oldest calls are shortened.
        """
        return self._installation.received

    @property
    def faults(self) -> Faults:
        """What goes wrong: rules to add, to clear, and to see how often each struck."""
        return self._installation.faults

    @property
    def logins(self) -> int:
        """Number of successful logins."""
        return self.state.sessions.logins

    @property
    def web_logins(self) -> list[WebLogin]:
        """The logins that were judged in front of the services: the latest 10,000 since the sandbox was made."""
        return self._door.logins

    def expire_tickets(self) -> None:
        """Refuse every ticket issued and end every cookie session opened so far."""
        with self.lock:
            self.state.sessions.expire_all()

    def open_cookie_session(self, user: str) -> tuple[str, str]:
        """Log a browser in: the value of its `Cookie` header, and that of `X-XSRF-TOKEN`.

        Args:
            user: Name of the user, whose password is not asked for.

        Raises:
            ValueError: There is no such user.
        """
        with self.lock:
            return self.state.sessions.open_cookie_session(user)

    def finish_queue(self) -> None:
        """Do what ForceResyncBatchTask has queued, without waiting until it is due."""
        self._installation.finish_queue()

    def reset(self) -> None:
        """Begin anew: the state and the faults the sandbox started with, no tickets, no received calls.

        Raises:
            SandboxError: The state is kept in a file, and the sandbox does not run or cannot write.
        """
        self._check_file_is_open()
        self._installation.reset()

    def snapshot(self) -> dict[str, Any]:
        """The whole state as plain JSON values, with the secrets in connections' configurations.

        Users, tickets, received calls and faults are not in it.
        """
        return self._installation.snapshot()

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go back to a snapshot, of this sandbox or another. Tickets stay good; received calls stay listed.

        The engine does not make up for the time since the snapshot was taken.

        Args:
            snapshot: From `snapshot`.

        Raises:
            SnapshotError: It is none that this sandbox can read; nothing is changed then.
            SandboxError: As with `reset`.
        """
        self._check_file_is_open()
        self._installation.restore(snapshot)

    def seed(
        self,
        companies: int = 0,
        *,
        connection_id: int = 1,
        records: Iterable[Mapping[str, Any]] = (),
        actors: Iterable[Mapping[str, Any]] = (),
        links: Iterable[Mapping[str, Any]] = (),
    ) -> Seeded:
        """Add data: companies in bulk, or single things by name. All of it is added or, where something is wrong, none.

        Args:
            companies: How many contacts to make, each with a customer in the ERP that it is linked to and in step with.
                Keys, ids and values are the same each time: `C100001` and on, after the highest there is.
            connection_id: Of the connection that the companies' customers belong to.
            records: Of the CRM, with `table`, `record_id` and `values`; one that exists gets these values beside its
                own.
            actors: Of ERPs, with `connection_id`, `actor_type`, `key` and `values`; likewise.
            links: With `connection_id`, `actor_type`, `key`, `table` and `record_id`, of what exists or is added here.

        Returns:
            What was added; its `keys` are the ERP keys of the companies' customers.

        Raises:
            ValueError: Something of it is not possible; the message says what.
            SandboxError: As with `reset`.
        """
        self._check_file_is_open()
        return self._installation.seed(companies, connection_id, records, actors, links)

    def start(self) -> Self:
        """Return when requests are answered; nothing happens if they are already.

        Raises:
            SandboxError: The port is taken, the packages of the extra `sandbox` are not installed, or the file of the
                state is in use or no such file.
        """
        if self._thread is not None:
            return self
        listening = _import_listening()
        listener = listening.open_socket(self._host, self._port)
        limits = listening.HttpLimits(self._max_request_bytes, self._max_rest_request_bytes, self._latency, self._gzip)
        try:
            self._open_state_file()
            thread = listening.ServerThread(self._installation, limits, self._door, listener, self._host)
            thread.start()
        except BaseException:
            self._let_go_of_state_file()
            listener.close()
            raise
        # Kept over a stop: whoever starts again finds it at the same address.
        self._port = listener.getsockname()[1]
        self._thread = thread
        return self

    def stop(self) -> None:
        """Let running answers finish, and close everything; nothing happens if that is done already.

        Calls that would wait for longer than a second are refused with 503 and not carried out.
        """
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()
            self._door.close()
            try:
                self._installation.keep(thoroughly=True)
            finally:
                self._let_go_of_state_file()

    def _open_state_file(self) -> None:
        if self._state_file is None:
            return
        installation = self._installation
        with installation.lock:
            stored = self._state_file.open(self.state.clock, self.state.sessions)
            installation.keep_state = self._state_file.keep
            if stored is not None:
                installation.take_over(stored)
            installation.keep()

    def _let_go_of_state_file(self) -> None:
        with self._installation.lock:
            self._installation.keep_state = None
            if self._state_file is not None:
                self._state_file.close()

    def _check_file_is_open(self) -> None:
        if self._state_file is not None and not self.running:
            raise SandboxError(f"Start the sandbox first: its state is in {self._state_file.path}.")

    def serve_forever(self) -> None:
        """Start if need be, and answer until Ctrl-C, SIGTERM or a `stop` from another thread.

        Raises:
            SandboxError: As `start`.
        """
        self.start()
        thread = self._thread
        assert thread is not None
        with _told_to_end() as end:
            try:
                # In small waits: a wait without end would hold Ctrl-C back on Windows.
                while not end.is_set() and not thread.wait(_WAKE_SECONDS):
                    pass
            except KeyboardInterrupt:
                pass
            finally:
                self.stop()


def _import_listening() -> Any:
    try:
        # Here and not at the top: whoever only imports the package need not have the server's packages.
        from superoffice_erpsync.sandbox.http import listening  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11"):
            raise
        raise SandboxError(
            f'The sandbox needs the package {missing.name}: pip install "superoffice-erpsync[sandbox]"'
        ) from missing
    return listening


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """An event that SIGTERM sets, so that a service manager's stop is as graceful as Ctrl-C."""
    end = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield end
        return
    previous = signal.signal(signal.SIGTERM, lambda *_: end.set())
    try:
        yield end
    finally:
        signal.signal(signal.SIGTERM, previous)
