"""An executor on a Dask cluster, for resyncs that many machines share."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from superoffice_erpsync.errors import ConfigurationError, InvalidRequest, Outcome, TransportError

if TYPE_CHECKING:
    import distributed

P = ParamSpec("P")
R = TypeVar("R")

_FETCH_SECONDS = 1.0
"""How long the first attempt to fetch a result may take; each further one twice as long as the one before it."""
_ANSWER_SECONDS = 5.0
"""How long a scheduler may take to say which workers it has."""


@contextmanager
def dask_executor(
    cluster: str | distributed.Client | None = None, *, workers: int = 2, timeout: float = 10.0
) -> Iterator[Executor]:
    """An executor for `resync` and `resume` whose workers are those of a Dask cluster. Needs the extra `dask`.

    The workers need this package too, and whatever the client's secrets refer to. A worker that dies fails what it had,
    and nothing else: the batch goes on with the others, and sends those chunks again at its end.

    That it is so for every chunk is up to the scheduler: started with `distributed.scheduler.allowed-failures: 0` it
    leaves it to the batch to send a chunk again. Otherwise it gives the chunk of a dead worker to another by itself;
    the server then gets more calls than the journal counts. A local cluster is started that way.

    Args:
        cluster: Address of the scheduler, as in `tcp://scheduler:8786`, or a client of the cluster, which stays open;
            None for a cluster of processes on this machine, which ends with the executor.
        workers: How many processes a cluster on this machine has.
        timeout: Seconds within which the scheduler must be reached.

    Yields:
        The executor. What was handed to it cannot be cancelled, since nobody would know whether it had begun.

    Raises:
        ConfigurationError: The package `distributed` is missing, or the scheduler cannot be reached.
        InvalidRequest: The number of workers makes no sense.
    """
    if workers < 1:
        raise InvalidRequest(f"workers must be 1 or more, not {workers}")
    with ExitStack() as stack:
        yield stack.enter_context(_ClusterExecutor(_connected(stack, cluster, workers, timeout)))


def _connected(
    stack: ExitStack, cluster: str | distributed.Client | None, workers: int, timeout: float
) -> distributed.Client:
    try:
        # An extra, and slow to load.
        import distributed  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise ConfigurationError(
            f"a Dask cluster needs the package {missing.name}", hint='pip install "superoffice-erpsync[dask]"'
        ) from None
    if isinstance(cluster, distributed.Client):
        return cluster
    if cluster is None:
        return stack.enter_context(distributed.Client(stack.enter_context(_local(workers)), set_as_default=False))
    try:
        return stack.enter_context(distributed.Client(cluster, timeout=timeout, set_as_default=False))
    except (OSError, ValueError) as problem:
        raise ConfigurationError(
            f"the scheduler {cluster} cannot be reached: {type(problem).__name__}",
            hint="an address is like tcp://scheduler:8786",
        ) from problem


def _local(workers: int) -> distributed.LocalCluster:
    from distributed import LocalCluster  # noqa: PLC0415 # see above

    # One thread each: the batch says how many calls are made at a time. The scheduler opens a port for its pages in any
    # case, and says so where it is not any free one.
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"allowed_failures": 0, "dashboard": False},
    )


class _ClusterExecutor(Executor):
    """Calls as tasks of Dask. Its own executor waits for ever where the scheduler dies while a result is fetched.

    Args:
        client: Of the cluster.
    """

    def __init__(self, client: distributed.Client) -> None:
        self._client = client
        self._open = True

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        if not self._open:
            raise RuntimeError("the executor is shut down")
        try:
            # Each call is one of its own, also where its arguments are those of another; and none is repeated by Dask.
            task = self._client.submit(fn, *args, pure=False, retries=0, **kwargs)
        except Exception as problem:
            raise BrokenExecutor("the cluster takes no more work") from problem
        handed: _Handed[R] = _Handed(task, self._client)
        task.add_done_callback(handed.take)
        return handed

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 # the signature is given
        """Take no more. What was handed out is left to the cluster."""
        self._open = False


class _Handed(Future[R]):
    """What a worker may have begun, or done, whenever somebody looks."""

    def __init__(self, task: distributed.Future, client: distributed.Client) -> None:
        super().__init__()
        self._task: distributed.Future | None = task
        self._client = client
        self._connection = client.scheduler_comm

    def cancel(self) -> bool:
        """Never cancels; but where no worker is left it is given up, since nobody would ever hear of it."""
        task = self._task
        if task is not None and not self._any_worker():
            self._give_up()
        return False

    def take(self, task: distributed.Future) -> None:
        """Say what became of the task, in the words of this package where that is not known."""
        from distributed import KilledWorker  # noqa: PLC0415 # loaded long since

        if task.status == "error":
            problem = task.exception()
            if isinstance(problem, KilledWorker):
                problem = TransportError("the worker died before it answered", outcome=Outcome.UNKNOWN)
            self._end(problem, None)
            return
        try:
            result = self._fetched(task)
        except (Exception, CancelledError):
            self._give_up()
        else:
            self._end(None, result)

    def _fetched(self, task: distributed.Future) -> R:
        patience = _FETCH_SECONDS
        while True:
            try:
                return cast(R, task.result(timeout=patience))
            except TimeoutError:
                # Dask waits for ever for what was on its way while the scheduler died.
                if task.status == "error" or not self._connected():
                    raise
                patience *= 2

    def _connected(self) -> bool:
        # A connection made anew, to a scheduler that was started again, knows nothing of this task.
        return self._client.status == "running" and self._client.scheduler_comm is self._connection

    def _any_worker(self) -> bool:
        client = self._client
        try:
            # A client that lost its scheduler would try to find it again before it answers.
            return self._connected() and bool(client.sync(client.scheduler.ncores, callback_timeout=_ANSWER_SECONDS))
        except (Exception, CancelledError):
            # The scheduler is gone, or the client is closed.
            return False

    def _give_up(self) -> None:
        self._end(BrokenExecutor("the cluster gave it up"), None)

    def _end(self, problem: BaseException | None, result: R | None) -> None:
        # Dask keeps a result on its worker for as long as anybody refers to it, and makes lost ones anew.
        self._task = None
        with suppress(InvalidStateError):
            # Given up already, where this comes late.
            if problem is not None:
                self.set_exception(problem)
            else:
                self.set_result(cast(R, result))
