"""Time: whatever the other side does, a call ends when its time is over, and tells whether the request had left."""

from __future__ import annotations

from integration.hostile.calls import REST, RESYNC, SOAP, STATUS, SYNC, TOGGLE
from integration.hostile.scenarios import (
    BROKEN,
    LATE,
    NOT_SENT,
    RIGHT,
    UNKNOWN,
    Fails,
    Listening,
    Scenario,
    Tls,
    Who,
    row,
)
from integration.hostile.steps import (
    CLOSE,
    GOOD,
    HOLD,
    HOLD_UNREAD,
    READ_HEAD,
    Answer,
    Drip,
    Flood,
    ReadAtLeast,
    Send,
    Wait,
)
from superoffice_erpsync import RequestTimeout, TlsError, TransportError
from superoffice_erpsync.options import Limits, Timeouts
from superoffice_erpsync.retry import Retry

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = OK + b"Content-Type: {type}\r\nContent-Length: {length}\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ONCE = {"timeout": 0.4, "retry": None}
SOON = 2.0
"""Seconds within which a limit of 0.4 must have made itself felt, on a machine that is busy."""
LATE_ANYHOW = Fails(RequestTimeout, (UNKNOWN, NOT_SENT))
NOT_MADE = Fails(RequestTimeout, NOT_SENT)
LATE_READ = Fails((RequestTimeout, TransportError), UNKNOWN)
FOR_LONG = {"timeout": 0.8, "retry": None}
CONNECT = {"timeout": Timeouts(connect=0.3), "retry": None}

ANSWERS = (
    row("never an answer", HOLD, must=LATE, options=ONCE, within=SOON, at_least=0.35),
    row("never an answer, and the client keeps still though it is a read", HOLD, must=LATE, options=ONCE, call=STATUS,
        within=SOON, at_least=0.35),
    row("never an answer to a call with a limit of its own", HOLD, must=LATE, call_options={"timeout": 0.3},
        within=SOON, at_least=0.25),
    row("never an answer to a call with a deadline of its own",
        HOLD, must=LATE, call_options={"deadline": 0.3}, options={"retry": None}, within=SOON, at_least=0.25),
    row("never an answer, and the limit for sync counts where data is moved", HOLD, must=LATE,
        options={"timeout": Timeouts(read=30, sync=0.3), "retry": None}, within=SOON, at_least=0.25),
    row("never an answer, and the limit for reads counts where none is", HOLD, must=LATE, call=STATUS,
        options={"timeout": Timeouts(read=0.3, sync=30), "retry": None}, within=SOON, at_least=0.25),
    row("never an answer, and the deadline for sync comes before its limit", HOLD, must=LATE,
        options={"timeout": Timeouts(sync=30, sync_deadline=0.3), "retry": None}, within=SOON, at_least=0.25),
    row("never an answer, and the deadline for reads comes before their limit", HOLD, must=LATE, call=STATUS,
        options={"timeout": Timeouts(read=30, deadline=0.3), "retry": None}, within=SOON, at_least=0.25),
    row("an answer that takes its time within the limit, which is fine", Wait(0.5), GOOD, must=RIGHT),
    row("an answer just too late", Wait(0.8), GOOD, must=LATE, options=ONCE, within=SOON),
    row("a head in drips, each of which comes in time", Drip(LENGTH + b"{body}", 0.05), must=LATE, options=ONCE,
        within=SOON),
    row("a status line in drips", Drip(OK, 0.1), must=LATE, options=ONCE, within=SOON),
    row("a body in drips, each of which comes in time", Send(LENGTH), Drip(b"{body}", 0.02), must=LATE, options=ONCE,
        within=SOON),
    row("chunks in drips, each of which comes in time", Send(CHUNKED), Drip(b"1\r\n \r\n", 0.02, over=True), must=LATE,
        options=ONCE, within=SOON),
    row("a chunk's size in drips", Send(CHUNKED), Drip(b"0", 0.02, over=True), must=LATE_READ, options=ONCE,
        within=SOON),
    row("drips without a length until the time is over", Send(OK + b"\r\n"), Drip(b" ", 0.01, over=True), must=LATE,
        options=ONCE, within=SOON),
    row("a packed answer in drips", Send(OK + b"Content-Encoding: gzip\r\nContent-Length: 999\r\n\r\n\x1f\x8b\x08"),
        Drip(b"\0", 0.02, over=True), must=(LATE, BROKEN), options=ONCE, within=SOON),
    row("a body in drips that ends in time, which is fine", Send(LENGTH + b"{half}"), Wait(0.05),
        Send(b"{rest}"), must=RIGHT),
    row("an answer at full speed that has no end, and no limit of size that helps",
        Send(OK + b"\r\n"), Flood(b" " * 4096), must=(LATE, BROKEN), within=SOON,
        options={**ONCE, "limits": Limits(answer_bytes=1 << 40)}),
    row("an error in drips", Send(b"HTTP/1.1 500 Oh\r\nContent-Length: 500\r\n\r\n"), Drip(b"x", 0.02), must=LATE,
        options=ONCE, within=SOON),
    row("a write without an answer", HOLD, must=LATE, call=TOGGLE, options=ONCE, within=SOON),
)  # fmt: skip

REQUESTS = (
    Scenario(name="a server that reads nothing of a long request", turns=(), connecting=((HOLD_UNREAD,),) * 5,
             must=NOT_MADE, call=RESYNC, wires=(REST,), requests=0, options=FOR_LONG, within=5),
    Scenario(name="a server that stops reading in the middle of a long request", turns=(),
             connecting=((ReadAtLeast(200_000), HOLD_UNREAD),) * 5, must=NOT_MADE, call=RESYNC, wires=(SOAP,),
             requests=0, options=FOR_LONG, within=5),
    Scenario(name="a server that reads a long request in sips, each of which comes in time", turns=(),
             connecting=((*(step for _ in range(300) for step in (ReadAtLeast(2000), Wait(0.02))),),) * 5,
             must=NOT_MADE, call=RESYNC, wires=(REST,), requests=0, options=FOR_LONG, within=5),
    Scenario(name="a server that reads the head and sleeps", turns=(), connecting=((READ_HEAD, HOLD_UNREAD),) * 5,
             must=LATE, requests=0, options=ONCE, within=SOON),
    Scenario(name="a server that accepts and sleeps, though a short request fits into the buffers", turns=(),
             connecting=((HOLD_UNREAD,),) * 5, must=LATE, requests=0, options=ONCE, within=SOON),
    Scenario(name="a server that accepts and closes without a word", turns=(), connecting=((CLOSE,),) * 9,
             must=Fails(TransportError, (NOT_SENT, UNKNOWN)), requests=0, options={"retry": None}),
)  # fmt: skip

CONNECTING = (
    row("a black hole: connecting never ends", must=NOT_MADE, listening=Listening.BLACK_HOLE, requests=0,
        options=CONNECT, within=SOON, at_least=0.25),
    row("a black hole, and the limit of the whole comes before that of connecting", must=NOT_MADE,
        listening=Listening.BLACK_HOLE, requests=0, options={"timeout": 0.3, "retry": None}, within=SOON),
    row("a black hole again and again until the deadline", must=NOT_MADE, listening=Listening.BLACK_HOLE, requests=0,
        options={"timeout": Timeouts(connect=0.2, deadline=1.0, sync_deadline=1.0),
                 "retry": Retry(attempts=50, wait=0.01, longest_wait=0.05)}, within=2.5),
    row("a black hole where a login is due", must=NOT_MADE, listening=Listening.BLACK_HOLE, requests=0,
        who=Who.PASSWORD, options=CONNECT, within=SOON),
    row("nobody listens", must=Fails(TransportError, NOT_SENT, "refused", can_repeat=True),
        listening=Listening.REFUSED, requests=0, options={"retry": None}, within=SOON),
    row("nobody listens, time after time", must=Fails(TransportError, NOT_SENT, attempts=4),
        listening=Listening.REFUSED, requests=0, within=SOON),
    row("nobody listens, and the deadline ends the attempts", must=Fails((TransportError, RequestTimeout), NOT_SENT),
        listening=Listening.REFUSED, requests=0, within=SOON, call_options={"deadline": 0.5},
        options={"retry": Retry(attempts=1000, wait=0.02, longest_wait=0.1, budget=1000)}),
    row("nobody listens, and a client does not hammer", must=Fails(TransportError, NOT_SENT),
        listening=Listening.REFUSED, requests=0, calls=12, within=SOON),
    Scenario(name="a handshake that never begins", turns=(), connecting=((HOLD,),) * 5, url="https://127.0.0.1:{port}",
             must=NOT_MADE, requests=0, options=CONNECT, within=SOON),
    Scenario(name="a handshake in drips, each of which comes in time", turns=(),
             connecting=((Drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + b"\x03" * 4000, 0.02),),) * 5,
             url="https://127.0.0.1:{port}", must=NOT_MADE, requests=0, options=CONNECT, within=SOON),
    Scenario(name="a handshake that is cut", turns=(), connecting=((ReadAtLeast(50), CLOSE),) * 5,
             url="https://127.0.0.1:{port}", must=Fails((TransportError, TlsError), NOT_SENT), requests=0,
             options={"retry": None}),
    row("never an answer on a secure connection", HOLD, must=LATE, tls=Tls(), options=ONCE, within=SOON),
    row("a body in drips on a secure connection", Send(LENGTH), Drip(b"{body}", 0.02), must=LATE, tls=Tls(),
        options=ONCE, within=SOON),
    Scenario(name="a secure server that reads nothing of a long request", turns=(), connecting=((HOLD_UNREAD,),) * 5,
             must=NOT_MADE, call=RESYNC, wires=(REST,), requests=0, tls=Tls(), options=FOR_LONG, within=5),
)  # fmt: skip

LOGINS = (
    row("a login that never answers", GOOD, must=Fails(RequestTimeout, (UNKNOWN, NOT_SENT)), who=Who.PASSWORD,
        login=((HOLD,),), requests=0, options=ONCE, within=SOON),
    row("a login in drips, and its time is the call's", GOOD, must=Fails(RequestTimeout, (UNKNOWN, NOT_SENT)),
        who=Who.PASSWORD, login=((Drip(LENGTH + b"{body}", 0.02),),), requests=0, options=ONCE, within=SOON),
    row("a slow login leaves less of the deadline to the call", HOLD, must=LATE, who=Who.PASSWORD,
        login=((Wait(0.5), GOOD),), call_options={"deadline": 0.9}, options={"retry": None}, within=1.6, at_least=0.8),
    row("a login that is slow each time, and the deadline ends it",
        GOOD, must=Fails((RequestTimeout, TransportError), (UNKNOWN, NOT_SENT)), who=Who.PASSWORD,
        login=((HOLD,),), requests=0, within=2.5,
        options={"timeout": Timeouts(read=0.3, deadline=1.0, sync_deadline=1.0, sync=0.3)}),
    row("a WSDL that never comes", GOOD, must=Fails(RequestTimeout, (UNKNOWN, NOT_SENT)), wires=(SOAP,), requests=0,
        documents={"*": ((HOLD,),)}, options={**ONCE, "wsdl": "live"}, within=SOON),
    row("a WSDL in drips", GOOD, must=Fails(RequestTimeout, (UNKNOWN, NOT_SENT)), wires=(SOAP,), requests=0,
        documents={"*": ((Answer(body=b"", headers={"Content-Length": "9999"}), Drip(b"<", 0.02, over=True)),)},
        options={**ONCE, "wsdl": "live"}, within=SOON),
    row("a WSDL without an end", GOOD, must=Fails(BROKEN.kinds, (UNKNOWN, NOT_SENT)), wires=(SOAP,), requests=0,
        documents={"*": ((Send(OK + b"\r\n"), Flood(b" " * 4096)),)},
        options={"wsdl": "live", "limits": Limits(answer_bytes=10_000_000)}),
    row("reads that never get an answer, until the deadline", HOLD, must=LATE_ANYHOW, call=STATUS,
        requests=(2, 3, 4, 5),
        options={"timeout": Timeouts(read=0.2, deadline=1.0), "retry": Retry(attempts=9, wait=0.02, longest_wait=0.05)},
        within=2.5),
    row("a call without any limit that gets its answer", Wait(0.3), GOOD, must=RIGHT, call=SYNC,
        options={"timeout": Timeouts(connect=None, read=None, sync=None, deadline=None, sync_deadline=None)}),
)  # fmt: skip

ROWS = (*ANSWERS, *REQUESTS, *CONNECTING, *LOGINS)
