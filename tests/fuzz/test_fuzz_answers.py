"""Answers that are broken in every way there is: what is made of them is true, or one of the typed errors.

`ERPSYNC_FUZZ_EXAMPLES=100000 pytest tests/fuzz` makes a long run of it, with other dice each time.
"""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.composition import Writer
from fuzz.corpus import LONG as LONG_FROM
from fuzz.corpus import NAMESPACE, Message, messages
from fuzz.lengths import EXAMPLES, at_length, seconds_allowed
from fuzz.mutations import CANARY, mutated, touched
from fuzz.readers import read_rest, read_soap
from superoffice_erpsync.operations import OPERATIONS

pytestmark = pytest.mark.timeout(seconds_allowed)

# A seed and not hypothesis's own dice: one mutation of a long message throws too many of them.
dice = st.integers(0, 2**48).map(Random)
statuses = st.sampled_from([200, 200, 200, 500, 204, 400])
operations = st.sampled_from(sorted(OPERATIONS))
services = st.sampled_from(["Services86", "Services88"])
noises = st.sampled_from([0.0, 0.01, 0.05, 0.3])


XSI = "http://www.w3.org/2001/XMLSchema-instance"
LONG = [one for wire in ("soap", "rest") for one in messages(wire) if LONG_FROM * 0.9 < len(one.data) < LONG_FROM * 2]
TEXTS = re.compile(rb"(?<=>)[^<>]+(?=<)|(?<=\")(?:[^\"\\]|\\.)*(?=\"\s*[,}\]])")


def broken(message: Message, random: Random) -> Message:
    return Message(message.operation, message.services, mutated(message.data, random), message.status)


@given(operations, services, st.binary(max_size=300), statuses)
@at_length
def test_any_bytes_are_refused_in_the_clients_own_words(operation, services, data, status):
    read_soap(Message(operation, services, data, status))
    read_rest(Message(operation, "REST", data, status))


@given(st.sampled_from(messages("soap")), dice)
@at_length
def test_broken_soap_messages_are_read_right_or_refused(message, random):
    read_soap(broken(message, random))


@given(st.sampled_from(messages("rest")), dice)
@at_length
def test_broken_rest_messages_are_read_right_or_refused(message, random):
    read_rest(broken(message, random))


@given(st.sampled_from(LONG), dice)
@at_length
def test_long_messages_are_read_right_whatever_stands_in_one_of_their_records(message, random):
    read = read_rest if message.services == "REST" else read_soap
    read(Message(message.operation, message.services, touched(message.data, random), message.status))


@given(operations, services, dice, noises)
@at_length
def test_soap_messages_with_noise_are_read_right_or_refused(operation, services, random, noise):
    data = Writer(random, noise).soap(OPERATIONS[operation], NAMESPACE.format(services))
    read_soap(Message(operation, services, data))
    read_soap(Message(operation, services, mutated(data, random)))


@given(operations, dice, noises)
@at_length
def test_rest_messages_with_noise_are_read_right_or_refused(operation, random, noise):
    data = Writer(random, noise).rest(OPERATIONS[operation])
    read_rest(Message(operation, "REST", data))
    read_rest(Message(operation, "REST", mutated(data, random)))


@given(operations, services, dice)
@at_length
def test_messages_without_noise_are_taken(operation, services, random):
    writer, namespace = Writer(random, 0.0), NAMESPACE.format(services)
    assert read_soap(Message(operation, services, writer.soap(OPERATIONS[operation], namespace)))
    assert read_rest(Message(operation, "REST", writer.rest(OPERATIONS[operation])))


@pytest.mark.parametrize(("wire", "read"), [("soap", read_soap), ("rest", read_rest)])
def test_no_error_shows_a_secret_wherever_a_server_puts_it(wire, read):
    short = [one for one in messages(wire) if len(one.data) < 5000]
    refused = [one for one in short if not read(one)]
    assert len(refused) > 50
    for message in refused[:: 1 if EXAMPLES else 5]:
        for found in TEXTS.finditer(message.data):
            data = message.data[: found.start()] + CANARY.encode() + message.data[found.end() :]
            read(Message(message.operation, message.services, data, message.status))


@pytest.mark.parametrize(
    "body",
    ["<a:b/>", "<Response><x:z/></Response>", "<s:Fault><x:y/></s:Fault>", '<Response x:nil="true" i:nil="true"/>'],
)
def test_undeclared_prefixes_are_refused_whatever_comes_behind_them(body):
    namespace = NAMESPACE.format("Services86")
    content = body if "Fault" in body else f'<GetConnectionResponse xmlns="{namespace}">{body}</GetConnectionResponse>'
    # Of all that it has to say the parser counts the last, and this is only a warning.
    data = (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="{XSI}"><s:Body>{content}</s:Body>'
        '<relative xmlns="1"/></s:Envelope>'
    )
    assert not read_soap(Message("GetConnection", "Services86", data.encode()))
