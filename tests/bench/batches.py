"""What a batch costs beside the calls that it makes: the same requests from threads that do nothing else."""

from __future__ import annotations

import http.client
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from superoffice_erpsync import ErpActorType
from superoffice_erpsync.batch import resync

from .calls import LATENCY, THREADS, client
from .messages import RESYNC_HEADERS, resync_request
from .replaying import replaying
from .sizes import Place, Sizes
from .timing import best

_KEYS = 500
"""In a chunk."""


def batch_to_requests(sizes: Sizes, place: Place) -> float:
    """Time of a run from its first chunk to its last, in that of the same requests by http.client."""
    keys = [f"C{number:07d}" for number in range(sizes.chunks * _KEYS)]
    answer = place.small_answer.with_name("resync.xml")
    answer.write_bytes(place.small_answer.read_bytes().replace(b"ForceSyncAll", b"ForceResyncExternal"))
    with (
        replaying(answer, latency=LATENCY) as folder,
        client(folder) as ours,
        tempfile.TemporaryDirectory() as journals,
    ):

        def run() -> float:
            journal = Path(journals, f"{time.monotonic_ns()}.db")
            report = resync(
                ours,
                connection_id=1,
                actor_type=ErpActorType.CUSTOMER,
                keys=keys,
                chunk_size=_KEYS,
                workers=THREADS,
                journal=journal,
            )
            assert report.all_done
            assert report.calls == sizes.chunks
            return report.seconds

        body = resync_request(keys[:_KEYS])
        mine, its = best(run, lambda: _seconds_of_plain(folder, body, sizes.chunks), sizes.long_rounds)
    return mine / its


def _seconds_of_plain(folder: str, body: bytes, requests: int) -> float:
    to_do: SimpleQueue[None] = SimpleQueue()
    for _ in range(requests):
        to_do.put(None)
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for over in [pool.submit(_send, folder, body, to_do) for _ in range(THREADS)]:
            over.result()
    return time.perf_counter() - started


def _send(folder: str, body: bytes, to_do: SimpleQueue[None]) -> None:
    address = urlsplit(folder)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while True:
            to_do.get_nowait()
            connection.request("POST", f"{address.path}/ErpSync.svc", body, RESYNC_HEADERS)
            connection.getresponse().read()
    except Empty:
        connection.close()
