"""Secure connections: whom to trust, what to show, and what is left of them in the middle."""

from __future__ import annotations

from typing import Any

from integration.hostile.calls import STATUS
from integration.hostile.scenarios import (
    BROKEN,
    LOST,
    NOT_SENT,
    RIGHT,
    RIGHT_OR_BROKEN,
    UNKNOWN,
    Ending,
    Endings,
    Fails,
    Scenario,
    Tls,
    Who,
    row,
)
from integration.hostile.steps import CLOSE, DROP, GOOD, RESET, Answer, ReadAtLeast, Send, Wait
from superoffice_erpsync import ConfigurationError, ProtocolError, TlsError, TransportError

DISTRUSTED = Fails(TlsError, NOT_SENT, can_repeat=False)
WRONG_FILE = Fails(ConfigurationError, NOT_SENT)
OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = OK + b"Content-Length: {length}\r\n\r\n"
INSECURE = {"verify": False, "allow_insecure": True}
WANTED = Tls(wants_certificate=True)
WANTED_OLD = Tls(wants_certificate=True, newest="TLSv1_2")


def secure(name: str, must: Ending | Endings, tls: Tls | None = None, *steps: Any, **more: Any) -> Scenario:
    """A row on a secure connection; one that fails while it is made carries no request."""
    requests = more.pop("requests", 1 if must is RIGHT or steps else 0)
    return row(f"TLS: {name}", *(steps or (GOOD,)), must=must, tls=tls or Tls(), requests=requests, **more)


TRUST = (
    secure("a certificate of an authority that the user names", RIGHT),
    secure("a name in place of a number", RIGHT, url="https://localhost:{port}"),
    secure("several calls over one connection", RIGHT, calls=3, requests=3, connections=1),
    secure("TLS 1.2", RIGHT, Tls(newest="TLSv1_2")),
    secure("an authority that nobody named", DISTRUSTED, options={"verify": True}, connections=1),
    secure("an authority that nobody named, and a login that must not be sent", DISTRUSTED, options={"verify": True},
           who=Who.PASSWORD, logins=0, connections=1),
    secure("an authority that nobody named is not asked again for a read", DISTRUSTED, options={"verify": True},
           call=STATUS, connections=1),
    secure("another authority than the user's", DISTRUSTED, Tls(certificate="stranger"), connections=1),
    secure("a certificate that is its own authority", DISTRUSTED, Tls(certificate="self_signed"), connections=1),
    secure("a certificate that has expired", Fails(TlsError, NOT_SENT, "expired"), Tls(certificate="expired"),
           connections=1),
    secure("a certificate that is not yet good", DISTRUSTED, Tls(certificate="early"), connections=1),
    secure("a certificate for another host", Fails(TlsError, NOT_SENT, "127.0.0.1"), Tls(certificate="other_host"),
           connections=1),
    secure("TLS 1.1 and nothing newer", DISTRUSTED, Tls(newest="TLSv1_1")),
    secure("TLS 1.0 and nothing newer", DISTRUSTED, Tls(newest="TLSv1")),
    secure("checking switched off without a second word", WRONG_FILE, options={"verify": False}, connections=0),
    secure("checking switched off on purpose", RIGHT, Tls(certificate="self_signed"), options=INSECURE),
    secure("checking switched off on purpose, for another host's certificate", RIGHT, Tls(certificate="other_host"),
           options=INSECURE),
    secure("authorities in a file that is missing", WRONG_FILE, options={"verify": "{missing}"}, connections=0),
    secure("authorities in a file without any", WRONG_FILE, options={"verify": "{no_pem}"}, connections=0),
    secure("authorities in an empty folder", (DISTRUSTED, WRONG_FILE), options={"verify": "{home}"}),
    secure("a client certificate is wanted and there is none", Fails(TlsError, (NOT_SENT, UNKNOWN)), WANTED),
    secure("a client certificate is wanted and there is none, in TLS 1.2", DISTRUSTED, WANTED_OLD),
    secure("a client certificate is wanted and shown", RIGHT, WANTED, options={"client_certificate": "{client_pem}"}),
    secure("a client certificate is wanted and shown, in TLS 1.2", RIGHT, WANTED_OLD,
           options={"client_certificate": "{client_pem}"}),
    secure("a client certificate in two files", RIGHT, WANTED,
           options={"client_certificate": ("{client_certificate}", "{client_key}")}),
    secure("a client certificate of a stranger", Fails(TlsError, (NOT_SENT, UNKNOWN)), WANTED,
           options={"client_certificate": "{foreign_pem}"}),
    secure("a client certificate of a stranger, in TLS 1.2", DISTRUSTED, WANTED_OLD,
           options={"client_certificate": "{foreign_pem}"}),
    secure("a client certificate that nobody wants", RIGHT, options={"client_certificate": "{client_pem}"}),
    secure("a client certificate in a file that is missing", WRONG_FILE, WANTED,
           options={"client_certificate": "{missing}"}, connections=0),
    secure("a client certificate that is none", WRONG_FILE, WANTED, options={"client_certificate": "{no_pem}"},
           connections=0),
    secure("a client certificate without its key", WRONG_FILE, WANTED,
           options={"client_certificate": "{client_certificate}"}, connections=0),
    secure("a client certificate with another's key", WRONG_FILE, WANTED,
           options={"client_certificate": ("{ca}", "{client_key}")}, connections=0),
)  # fmt: skip

MIDDLE = (
    secure("half an answer and an end in good order", LOST, None, Send(LENGTH + b"{half}"), CLOSE),
    secure("half an answer and an end without farewell, as an attacker makes it", BROKEN, None,
           Send(LENGTH + b"{half}"), DROP),
    secure("half an answer of no stated length and an end without farewell", BROKEN, None,
           Send(OK + b"\r\n{half}"), DROP),
    secure("an answer of no stated length and an end in good order", RIGHT, None, Send(OK + b"\r\n{body}"), CLOSE),
    secure("an answer of no stated length and an end without farewell", RIGHT_OR_BROKEN, None,
           Send(OK + b"\r\n{body}"), DROP),
    secure("half an answer and a reset", BROKEN, None, Send(LENGTH + b"{half}"), Wait(0.03), RESET),
    secure("a reset in place of an answer", Fails((TransportError, TlsError), UNKNOWN), None, RESET),
    secure("an end in place of an answer", Fails((TransportError, TlsError), UNKNOWN), None, CLOSE),
    secure("an answer that closes", RIGHT, None, Answer(headers={"Connection": "close"}), CLOSE, calls=2, requests=2,
           connections=2),
    secure("a kept connection that ends, and the next call needs a new one", RIGHT, None, GOOD, CLOSE, calls=2,
           pause=0.2, requests=2, connections=2),
    Scenario(name="TLS: half an answer to a read, which is made again", turns=((Send(LENGTH + b"{half}"), DROP),
             (GOOD,)), must=RIGHT, call=STATUS, tls=Tls(), requests=2),
)  # fmt: skip

NO_HANDSHAKE = {
    "an answer in plain HTTP": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "a mail server's greeting": b"220 mail.example.com ESMTP\r\n",
    "junk": b"junk" * 20,
    "an alert that it is too old": b"\x15\x03\x01\x00\x02\x02\x46",
    "an alert of a handshake that failed": b"\x15\x03\x03\x00\x02\x02\x28",
    "an alert of a name that it does not know": b"\x15\x03\x03\x00\x02\x02\x70",
    "the beginning of SSL 3": b"\x16\x03\x00\x00\x04\x02\x00\x00\x00",
    "a record longer than any may be": b"\x16\x03\x03\xff\xff" + b"\0" * 100,
    "its greeting cut off": b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03",
    "its own greeting sent back": b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
}

PLAIN = (
    *(Scenario(name=f"TLS: a handshake that meets {what}", turns=(),
               connecting=((ReadAtLeast(60), Send(data), Wait(0.02), CLOSE),) * 9, url="https://127.0.0.1:{port}",
               requests=0, must=Fails((TlsError, TransportError), NOT_SENT)) for what, data in NO_HANDSHAKE.items()),
    Scenario(name="TLS: a handshake that meets a reset", turns=(), connecting=((ReadAtLeast(60), RESET),) * 9,
             url="https://127.0.0.1:{port}", requests=0, must=Fails((TransportError, TlsError), NOT_SENT)),
    Scenario(name="TLS: a server that resets at once and then is there", turns=((GOOD,),), tls=Tls(), must=RIGHT,
             accepting=((RESET,),), requests=1, connections=2),
    Scenario(name="TLS: plain HTTP sent to a secure server", turns=((GOOD,),), tls=Tls(), url="http://127.0.0.1:{port}",
             requests=0, must=Fails((TransportError, ProtocolError), (UNKNOWN, NOT_SENT))),
)  # fmt: skip

ROWS = (*TRUST, *MIDDLE, *PLAIN)
