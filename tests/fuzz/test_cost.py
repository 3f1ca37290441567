"""What reading costs: time and memory grow with the message and not faster, whatever is in it.

Time is that of the thread and not of the clock, against what lxml itself takes to parse a plain message.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from functools import cache, partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fuzz.corpus import NAMESPACE, Message, messages
from fuzz.lengths import EXAMPLES, at_length, seconds_allowed
from fuzz.mutations import LONGEST, mutated
from superoffice_erpsync.codec.rest import answers
from superoffice_erpsync.codec.soap import SoapCodec
from superoffice_erpsync.errors import ProtocolError, ServerFault
from superoffice_erpsync.operations import OPERATIONS
from superoffice_erpsync.redaction import redact_json, redact_xml

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(seconds_allowed)]

FACTOR = 300
"""How many times longer than lxml's parse a reader may take; the longest seen are near 40."""
SLACK = 0.02
"""Seconds that are no matter, however short the message is."""
MOST_MEMORY = 40
"""Bytes of Python's for a byte of the message; the most seen are near 15."""

_CODECS = {services: SoapCodec(NAMESPACE.format(services), {}) for services in ("Services86", "Services88")}
dice = st.integers(0, 2**48).map(Random)


@cache
def seconds_a_byte() -> float:
    """What lxml takes, at its best of several."""
    message = b"<a>" + b"<Item><Name>text of an item</Name><Id>1234</Id></Item>" * (LONGEST // 55) + b"</a>"
    return min(seconds(lambda: etree.fromstring(message)) for _ in range(10)) / len(message)


def seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def readers(message: Message) -> dict[str, Callable[[], object]]:
    operation = OPERATIONS[message.operation]
    text = message.data.decode("utf-8", "replace")
    found: dict[str, Callable[[], object]] = {}
    if message.services == "REST":
        found["answer"] = partial(answers.answer, operation, message.data, status=200)
        found["plain"] = partial(answers.plain, operation, message.data, status=200)
        found["mask"] = partial(redact_json, text)
    else:
        found["answer"] = partial(_CODECS[message.services].answer, operation, message.data)
        found["mask"] = partial(redact_xml, text)
    return {name: partial(quietly, read) for name, read in found.items()}


def quietly(read: Callable[[], object]) -> object:
    try:
        return read()
    except (ProtocolError, ServerFault) as error:
        return error


def check_time(message: Message) -> None:
    allowed = FACTOR * seconds_a_byte() * len(message.data) + SLACK
    for name, read in readers(message).items():
        # Once more where it took too long: the collector, or another process, may have been at work.
        if seconds(read) > allowed:
            best = min(seconds(read) for _ in range(3))
            assert best <= allowed, f"{name} of {len(message.data)} bytes takes {best:.3f} s: {message!r:.2000}"


@given(st.sampled_from([*messages("soap"), *messages("rest")]), dice)
@at_length
def test_time_is_bounded_by_length(message, random):
    data = mutated(mutated(message.data, random), random)
    check_time(Message(message.operation, message.services, data, message.status))


# What makes a careless reader slow: many of what it looks for, none of what it waits for.
PATHOLOGICAL = [
    "<", ">", "<!--", "<!---->", "<![CDATA[", "]]>", "<a ", "<a>", "<a:", "&", "&amp;", " ", "\n", "\ufeff",
    "\x00", '"', "\\", "\\u0041",
    "[", "{", '{"a":', "[]", "1", "-", "<Password>", "</Password", "<Password ", "<ns:Ticket>",
    "<ChangedDataItem>", "<x:ChangedDataItem>",
    "<ChangedDataItem><RecordId>1</RecordId></ChangedDataItem>", "<ChangedDataItem><a/>",
    '{"Tablename":"a","RecordId":1},', '"Password":', "<title",
    "<html", "<?x", "<!DOCTYPE", 'xmlns:a="b" ', "i:nil='true' ",
]  # fmt: skip


@pytest.mark.parametrize("unit", PATHOLOGICAL)
@pytest.mark.parametrize("services", ["Services86", "REST"])
def test_nothing_repeated_many_times_is_slow(services, unit):
    start = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    for opening in ("", "<", "[", start, f'{start}<ForceResyncResponse xmlns="{NAMESPACE.format("Services86")}">'):
        data = (opening + unit * (LONGEST // len(unit)) + "<x>").encode()
        check_time(Message("ForceResync", services, data))


@pytest.mark.parametrize("wire", ["soap", "rest"])
def test_memory_is_bounded_by_length(wire):
    for message in [one for one in messages(wire) if len(one.data) > 15_000][:: 1 if EXAMPLES else 8]:
        for random in map(Random, range(3)):
            data = mutated(message.data, random)
            for name, read in readers(Message(message.operation, message.services, data)).items():
                read()
                tracemalloc.start()
                try:
                    read()
                    peak = tracemalloc.get_traced_memory()[1]
                finally:
                    tracemalloc.stop()
                assert peak < MOST_MEMORY * len(data) + 100_000, f"{name} of {len(data)} bytes takes {peak} bytes"
