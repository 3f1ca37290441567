"""What is made again and what is not: by the operation's nature, and by what is known of the attempt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integration.hostile.calls import REST, RESYNC, SOAP, STATUS, SYNC, TOGGLE, Call
from integration.hostile.messages import EXPIRED_TICKET, REFUSED_LOGIN, fault, page
from integration.hostile.scenarios import (
    GARBLED,
    LOST,
    NOT_SENT,
    REJECTED,
    RIGHT,
    UNKNOWN,
    Ending,
    Endings,
    Fails,
    Scenario,
    Who,
    row,
)
from integration.hostile.steps import CLOSE, GOOD, HOLD, READ_HEAD, RESET, Answer, ReadAtLeast, Send, Step, Wait
from superoffice_erpsync import (
    AuthenticationError,
    ConfigurationError,
    InvalidRequest,
    ProtocolError,
    RequestTimeout,
    ServerFault,
    TransportError,
)
from superoffice_erpsync.options import Limits
from superoffice_erpsync.retry import Retry

NATURES = {"a read": STATUS, "a repeatable write": SYNC, "a write": TOGGLE}
WRITES = {name: call for name, call in NATURES.items() if call is not STATUS}
THREE = Retry(attempts=3, wait=0.01, longest_wait=0.05)
HALF = Send(b"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{half}")
GATEWAY = Answer(status=502, body=page("Bad Gateway"))

LOST_ANSWERS: Mapping[str, tuple[Step, ...]] = {
    "reset once the request was there": (RESET,),
    "closed once the request was there": (CLOSE,),
    "half an answer": (HALF, CLOSE),
    "half an answer and a reset": (HALF, Wait(0.03), RESET),
    "502": (GATEWAY,),
    "504": (Answer(status=504, body=b""),),
    "500 without a Fault": (Answer(status=500, body=page("Server Error")),),
    "no answer in time": (HOLD,),
    "no HTTP": (Send(b"220 hello\r\n"), CLOSE),
}
"""What may happen to an answer while the server may have acted."""


def busy(status: int, wait: str) -> Answer:
    """The server sends the client away for a while."""
    return Answer(status=status, headers={"Retry-After": wait}, body=b"")


def turns(name: str, first: tuple[Step, ...], call: Call, must: Ending | Endings, requests: int,
          **more: Any) -> Scenario:  # fmt: skip
    """A row in which the first answer goes wrong and the second would be good."""
    options = {**({"timeout": 0.4} if HOLD in first else {}), **more.pop("options", {})}
    return Scenario(name=name, turns=(first, (GOOD,)), call=call, must=must, requests=requests, options=options, **more)


UNKNOWN_NOW = Fails((TransportError, RequestTimeout, ServerFault), UNKNOWN)


LOST_ROWS = (
    *(turns(f"{what}: a read is made again", first, STATUS, RIGHT, 2) for what, first in LOST_ANSWERS.items()),
    *(turns(f"{what}: {nature} is not made again", first, call, UNKNOWN_NOW, 1)
      for what, first in LOST_ANSWERS.items() for nature, call in WRITES.items()),
    *(turns(f"{what}: a repeatable write is made again where the caller asks for it", first, SYNC, RIGHT, 2,
            call_options={"repeat_unknown": True}) for what, first in LOST_ANSWERS.items()),
    *(turns(f"{what}: a read is not made again where repeating is off", first, STATUS, UNKNOWN_NOW, 1,
            options={"retry": None}) for what, first in LOST_ANSWERS.items()),
    row("repeat_unknown for a write is refused before anything is sent", GOOD, call=TOGGLE, requests=0,
        must=Fails(InvalidRequest, NOT_SENT), call_options={"repeat_unknown": True}),
    row("a read whose answer is lost each time ends after its attempts", RESET, call=STATUS, requests=3,
        must=Fails(TransportError, UNKNOWN, attempts=3), options={"retry": THREE}),
    row("a repeatable write whose answer is lost each time ends after its attempts", RESET, requests=3,
        must=Fails(TransportError, UNKNOWN, attempts=3), call_options={"repeat_unknown": True},
        options={"retry": THREE}),
    row("one attempt is one attempt", RESET, call=STATUS, must=LOST,
        options={"retry": Retry(attempts=1, wait=0.01, longest_wait=0.05)}),
    row("a budget of two is for all calls together", RESET, call=STATUS, must=LOST, calls=3, requests=5,
        options={"retry": Retry(attempts=9, wait=0.01, longest_wait=0.05, budget=2)}),
    row("no budget, no repeats", RESET, call=STATUS, must=LOST,
        options={"retry": Retry(attempts=9, wait=0.01, longest_wait=0.05, budget=0)}),
    Scenario(name="after a lost answer a later refusal of a repeated write still leaves it unknown",
             turns=((RESET,), (Answer(status=400, body=b""),)), must=Fails(ServerFault, UNKNOWN, "earlier"),
             requests=2, call_options={"repeat_unknown": True}),
    Scenario(name="after a lost answer a later Fault of a repeated write still leaves it unknown",
             turns=((HALF, CLOSE), (Answer(status=500, body=fault()),)), must=Fails(ServerFault, UNKNOWN),
             wires=(SOAP,), requests=2, call_options={"repeat_unknown": True}),
    Scenario(name="after a lost answer a refused ticket still leaves a repeated write unknown",
             turns=((RESET,), (Answer(status=401, body=b""),)), must=Fails(AuthenticationError, UNKNOWN), requests=2,
             call_options={"repeat_unknown": True}),
    Scenario(name="after a lost answer a server that is too busy leaves a repeated write unknown",
             turns=((RESET,), (busy(503, "99999"),)), must=Fails(ServerFault, UNKNOWN), requests=2,
             call_options={"repeat_unknown": True}),
    Scenario(name="after a lost answer a later refusal of a read is a refusal",
             turns=((RESET,), (Answer(status=400, body=b""),)), must=Fails(ServerFault, REJECTED), call=STATUS,
             requests=2),
    Scenario(name="a read that goes wrong in a new way each time and then well",
             turns=((RESET,), (GATEWAY,), (HALF, CLOSE), (GOOD,)), must=RIGHT, call=STATUS, requests=4),
)  # fmt: skip

BUSY_ROWS = (
    *(turns(f"{status} with Retry-After: {nature} is made again", (busy(status, "0"),), call, RIGHT, 2)
      for status in (429, 503) for nature, call in NATURES.items()),
    turns("503 with Retry-After of a second is waited for", (busy(503, "1"),), TOGGLE, RIGHT, 2, at_least=0.9,
          options={"retry": Retry(wait=0.01, longest_wait=2), "timeout": 10.0}, within=6),
    *(turns(f"503 without Retry-After: {nature} is not made again", (Answer(status=503, body=b""),), call,
            Fails(ServerFault, (REJECTED, UNKNOWN)), 1) for nature, call in WRITES.items()),
    turns("503 without Retry-After: a read is made again", (Answer(status=503, body=b""),), STATUS, RIGHT, 2),
    *(turns(f"Retry-After of {what}: no waiting, the error at once", (busy(503, wait),), TOGGLE,
            Fails(ServerFault, REJECTED), 1, within=1) for what, wait in {
                "an hour": "3600", "a date next century": "Wed, 01 Jan 2098 00:00:00 GMT",
                "a hundred digits": "9" * 100}.items()),
    turns("Retry-After longer than the deadline: no waiting, the error at once", (busy(503, "5"),), STATUS,
          Fails(ServerFault, REJECTED), 1, within=1, call_options={"deadline": 2.0},
          options={"retry": Retry(longest_wait=60)}),
    turns("Retry-After longer than the user is patient: the error at once", (busy(429, "5"),), STATUS,
          Fails(ServerFault, REJECTED), 1, within=1, options={"retry": Retry(wait=0.01, longest_wait=1)}),
    turns("Retry-After of a date that is past", (busy(503, "Wed, 01 Jan 2020 00:00:00 GMT"),), TOGGLE, RIGHT, 2),
    *(turns(f"Retry-After that is {what}", (busy(503, wait),), TOGGLE, (RIGHT, Fails(ServerFault, REJECTED)), number,
            within=2) for what, wait, number in (
                ("below zero", "-5", 1), ("a word", "soon", 1), ("a fraction", "0.5", 1), ("empty", "", 1),
                ("in digits of another script", "٣", 1), ("a date that there is not",
                "Wed, 99 Xyz 2020 00:00:00 GMT", 1))),
    row("a server that is busy each time", busy(503, "0"), must=Fails(ServerFault, REJECTED, attempts=4), requests=4,
        call=TOGGLE, within=8),
)  # fmt: skip

NOT_SENT_ROWS = (
    Scenario(name="closed while the request was on its way: it is made again", turns=((GOOD,),), wires=(SOAP,),
             connecting=((ReadAtLeast(100_000), CLOSE),), call=RESYNC, must=RIGHT, requests=1, connections=2, within=9),
    Scenario(name="reset while the request was on its way: it is made again", turns=((GOOD,),),
             connecting=((READ_HEAD, RESET),), call=RESYNC, wires=(REST,), must=RIGHT, requests=1,
             connections=2, within=9),
    Scenario(name="reset while the request was on its way where repeating is off: it is not made again",
             turns=((GOOD,),), connecting=((READ_HEAD, RESET),), call=RESYNC, wires=(SOAP,),
             must=Fails(TransportError, NOT_SENT), requests=0, connections=1, options={"retry": None}, within=9),
)  # fmt: skip

NEVER_ROWS = (
    *(turns(f"an answer that makes no sense: {nature} is not made again", (Answer(body=page()),), call, GARBLED, 1)
      for nature, call in NATURES.items()),
    turns("an answer beyond the limit is not asked for again", (Answer(change=lambda data: data.ljust(9999)),), STATUS,
          GARBLED, 1, options={"limits": Limits(answer_bytes=5000)}),
    turns("a broken packing is not asked for again", (Answer(headers={"Content-Encoding": "gzip"}),), STATUS, GARBLED,
          1),
    *(turns(f"HTTP {status}: a read is not made again", (Answer(status=status, body=b""),), STATUS,
            Fails((ServerFault, AuthenticationError), REJECTED), 1)
      for status in (400, 401, 403, 404, 405, 409, 413, 415)),
    turns("404.13: a read is not made again", (Answer(status=404, body=page("404.13")),), STATUS,
          Fails(ServerFault, REJECTED, "fewer keys"), 1),
    turns("a redirect is not tried again", (Answer(status=302, headers={"Location": "/x"}),), STATUS,
          Fails(ConfigurationError, REJECTED), 1),
)  # fmt: skip

REFUSED_LOGINS = {
    "as the contract has it": Answer(body=REFUSED_LOGIN),
    "with 401": Answer(status=401, body=b""),
    "with 403": Answer(status=403, body=b""),
    "with a Fault that speaks of credentials": Answer(status=500, body=fault("Invalid credentials")),
}

LOGIN_ROWS = (
    *(row(f"a login refused {what} is sent once, however often the client is asked", GOOD, requests=0, logins=1,
          login=((answer,),), who=Who.PASSWORD, calls=3, must=Fails(AuthenticationError, REJECTED), call=STATUS)
      for what, answer in REFUSED_LOGINS.items()),
    Scenario(name="an expired ticket: one new login and one repeat", call=SYNC, who=Who.PASSWORD, must=RIGHT,
             turns=((Answer(body=EXPIRED_TICKET),), (GOOD,)), wires=(SOAP,), requests=2, logins=2),
    Scenario(name="an expired ticket of a write: one new login and one repeat, since it was not carried out",
             call=TOGGLE, who=Who.PASSWORD, must=RIGHT, turns=((Answer(status=401, body=b""),), (GOOD,)), requests=2,
             logins=2),
    row("a ticket that is refused however fresh it is", Answer(status=401, body=b""), who=Who.PASSWORD, requests=2,
        logins=2, must=Fails(AuthenticationError, REJECTED)),
    row("a ticket that was given and is refused cannot be renewed", Answer(status=401, body=b""), requests=1, logins=0,
        must=Fails(AuthenticationError, REJECTED)),
    Scenario(name="an expired ticket and a login that is refused by then", turns=((Answer(status=401, body=b""),),),
             login=((GOOD,), (Answer(body=REFUSED_LOGIN),)), who=Who.PASSWORD, requests=1, logins=2,
             must=Fails(AuthenticationError, REJECTED)),
    *(Scenario(name=f"a login whose answer is lost ({what}) is made again, for a write as well", turns=((GOOD,),),
               login=(first, (GOOD,)), who=Who.PASSWORD, call=TOGGLE, must=RIGHT, requests=1, logins=2)
      for what, first in {"reset": (RESET,), "half": (HALF, CLOSE), "502": (GATEWAY,)}.items()),
    row("a login that makes no sense is not made again", GOOD, login=((Answer(body=page()),),), who=Who.PASSWORD,
        requests=0, logins=1, must=Fails(ProtocolError, (UNKNOWN, NOT_SENT))),
    Scenario(name="a login that is sent away for a moment", turns=((GOOD,),), login=((busy(503, "0"),), (GOOD,)),
             who=Who.PASSWORD, call=TOGGLE, must=RIGHT, requests=1, logins=2),
    Scenario(name="an expired ticket, and the new login's answer is lost at first", call=SYNC, who=Who.PASSWORD,
             turns=((Answer(status=401, body=b""),), (GOOD,)), login=((GOOD,), (RESET,), (GOOD,)), must=RIGHT,
             requests=(2, 3), logins=3),
    row("user and password with each request, refused: sent once", Answer(status=401, body=b""), who=Who.BASIC,
        wires=(REST,), requests=1, logins=0, must=Fails(AuthenticationError, REJECTED)),
)  # fmt: skip

ROWS = (*LOST_ROWS, *BUSY_ROWS, *NOT_SENT_ROWS, *NEVER_ROWS, *LOGIN_ROWS)
