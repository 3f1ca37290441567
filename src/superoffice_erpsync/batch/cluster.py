"""An executor on a Dask cluster, for resyncs that many machines share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from superoffice_erpsync.errors import ConfigurationError, InvalidRequest, Outcome, TransportError

if TYPE_CHECKING:
    import distributed

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def dask_executor(
    cluster: str | distributed.Client | None = None, *, workers: int = 2, timeout: float = 10.0
) -> Iterator[Executor]:
    """An executor for `resync` and `resume` whose workers are those of a Dask cluster. Needs the extra `dask`.

    The workers need this package too, and whatever the client's secrets refer to. A worker that dies fails what it had,
    and nothing else: the run goes on with the others, and sends those chunks again at its end.

    That it is so for every chunk is up to the scheduler: started with `distributed.scheduler.allowed-failures: 0` it
    leaves it to the run to send a chunk again. Otherwise it gives the chunk of a dead worker to another one by itself;
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
        client = _connected(stack, cluster, workers, timeout)
        # Each call is one of its own, also where its arguments are those of another; and none is repeated by Dask.
        inner = client.get_executor(pure=False, retries=0)
        stack.callback(inner.shutdown, wait=False)
        yield _ClusterExecutor(inner, client)


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

    # One thread each, since calls are cheap to wait for; no dashboard, which would open a port.
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        scheduler_kwargs={"allowed_failures": 0},
    )


class _ClusterExecutor(Executor):
    """Dask's own executor, but for what it says of calls that did not come to an end: the truth is that nobody knows.

    Args:
        inner: Dask's.
        client: Knows the cluster.
    """

    def __init__(self, inner: Executor, client: distributed.Client) -> None:
        self._inner = inner
        self._client = client

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        inner = self._inner.submit(fn, *args, **kwargs)
        outer = _Handed(inner, self._client)
        inner.add_done_callback(outer.take)
        return outer


class _Handed(Future[R]):
    """What a worker may have begun, or done, whenever somebody looks."""

    def __init__(self, inner: Future[R], client: distributed.Client) -> None:
        super().__init__()
        self._inner: Future[R] | None = inner
        self._client = client

    def cancel(self) -> bool:
        """Never cancels; but where no worker is left it is given up, since nobody would ever hear of it."""
        inner = self._inner
        if inner is not None and not self._client.nthreads():
            inner.cancel()
        return False

    def take(self, inner: Future[R]) -> None:
        """Say what Dask's future says, in the words of this package where the call came to no end."""
        from distributed import KilledWorker  # noqa: PLC0415 # loaded long since

        # Dask keeps a result on its worker for as long as anybody refers to it, and makes lost ones anew.
        self._inner = None
        problem = BrokenExecutor("the cluster gave it up") if inner.cancelled() else inner.exception()
        if isinstance(problem, KilledWorker):
            problem = TransportError("the worker died before it answered", outcome=Outcome.UNKNOWN)
        if problem is not None:
            self.set_exception(problem)
        else:
            self.set_result(inner.result())
