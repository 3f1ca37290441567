"""What calls over loopback cost: CPU time of small ones, time of long ones, many threads on one client."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import requests
from lxml import etree

from superoffice_erpsync import ErpSyncClient, TicketCredentials
from superoffice_erpsync.wsdl_files import wsdl_file

from .decoding import zeep_client
from .messages import REQUEST, REQUEST_HEADERS, TICKET
from .replaying import replaying
from .sizes import NotMeasured, Place, Sizes
from .timing import best, cpu, repeated, wall

LATENCY = 0.05
THREADS = 8


def small_call_to_zeep(sizes: Sizes, place: Place) -> float:
    """CPU time of a small call, in that of zeep's."""
    with replaying(place.small_answer) as folder, client(folder) as ours:
        return _cpu_ratio(ours.force_sync_all, zeep_call(folder), sizes)


def small_call_to_requests(sizes: Sizes, place: Place) -> float:
    """CPU time of a small call, in that of sending the same bytes with requests and parsing what comes."""
    with replaying(place.small_answer) as folder, client(folder) as ours, requests.Session() as session:

        def plain() -> object:
            answer = session.post(f"{folder}/ErpSync.svc", data=REQUEST, headers=REQUEST_HEADERS)
            return etree.fromstring(answer.content)

        return _cpu_ratio(ours.force_sync_all, plain, sizes)


def long_call_to_php(sizes: Sizes, place: Place) -> float:
    """Time of a call with a long answer, in that of PHP's SoapClient."""
    php = php_with_soap()
    with (
        replaying(place.long_answer) as folder,
        client(folder) as ours,
        _php_call(php, folder, sizes.records, place) as theirs,
    ):
        ours.force_sync_all()
        theirs()
        mine, its = best(wall(ours.force_sync_all), theirs, sizes.rounds)
    return mine / its


def threads_to_one(sizes: Sizes, place: Place) -> float:
    """Calls per second of 8 threads on one client, in those of one thread, on a server that takes 50 ms."""

    def seconds_a_call(threads: int) -> float:
        work = [sizes.calls_a_thread] * threads
        started = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda times: repeated(ours.force_sync_all, times)(), work))
        return (time.perf_counter() - started) / sum(work)

    with replaying(place.small_answer, latency=LATENCY) as folder, client(folder) as ours:
        seconds_a_call(THREADS)
        one, many = best(lambda: seconds_a_call(1), lambda: seconds_a_call(THREADS), sizes.rounds)
    return one / many


def zeep_call(folder: str) -> Callable[[], object]:
    """Calls ForceSyncAll with a ticket, as one does with zeep alone."""
    theirs = zeep_client()
    service = theirs.create_service(next(iter(theirs.wsdl.bindings)), f"{folder}/ErpSync.svc")
    return lambda: service.ForceSyncAll(_soapheaders={"Credentials": {"Ticket": TICKET}})


def client(folder: str) -> ErpSyncClient:
    """A client with a ticket that the replaying server does not look at."""
    return ErpSyncClient.soap(folder, TicketCredentials(TICKET))


def _cpu_ratio(ours: Callable[[], object], theirs: Callable[[], object], sizes: Sizes) -> float:
    ours()
    theirs()
    mine, its = best(cpu(repeated(ours, sizes.small_calls)), cpu(repeated(theirs, sizes.small_calls)), sizes.rounds)
    return mine / its


def php_with_soap() -> str:
    """The path of php.

    Raises:
        NotMeasured: It, or its SOAP extension, is missing.
    """
    php = shutil.which("php")
    if php is None:
        raise NotMeasured("php is missing")
    modules = subprocess.run([php, "-m"], capture_output=True, text=True, check=True).stdout
    if "soap" not in modules.lower().split():
        raise NotMeasured("php has no soap extension")
    return php


@contextmanager
def _php_call(php: str, folder: str, records: int, place: Place) -> Iterator[Callable[[], float]]:
    """Has a PHP process call, and gives the seconds that it measured."""
    command = [php, str(place.programs / "call.php"), str(wsdl_file("ErpSync")), f"{folder}/ErpSync.svc", TICKET]
    process = subprocess.Popen(
        [*command, str(records)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdin is not None
    assert process.stdout is not None
    to, back = process.stdin, process.stdout

    def call() -> float:
        to.write("\n")
        to.flush()
        line = back.readline()
        try:
            return float(line)
        except ValueError:
            raise RuntimeError(f"php did not answer with a time: {line.strip()!r}") from None

    try:
        yield call
    finally:
        to.close()
        back.close()
        process.wait(timeout=30)
