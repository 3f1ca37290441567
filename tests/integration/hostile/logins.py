"""Logins that go wrong in their answer: what they give is checked before it is used."""

from __future__ import annotations

from integration.hostile.calls import REST, SOAP
from integration.hostile.messages import FAILED, NAMESPACE, SUCCEEDED, envelope, exception_info, login
from integration.hostile.scenarios import (
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
from integration.hostile.steps import GOOD, Answer
from superoffice_erpsync import AuthenticationError, ConfigurationError, ProtocolError, ServerFault

GIVEN = login("7T:given")
REFUSED = Fails(AuthenticationError, REJECTED)
NO_LOGIN = Fails((ProtocolError, AuthenticationError), (UNKNOWN, REJECTED))
MAKES_NO_SENSE = Fails(ProtocolError, (UNKNOWN, NOT_SENT))
NO_HEADER = Fails((ProtocolError, AuthenticationError, ConfigurationError), (UNKNOWN, NOT_SENT, REJECTED))
SAYS_YES = "<n:AuthenticationSucceeded>true</n:AuthenticationSucceeded>"


def gives(name: str, document: str, must: Ending | Endings, *, wires: tuple[str, ...] = (SOAP, REST)) -> Scenario:
    """A row in which the login gives that; the call itself must leave only where it goes well."""
    return row(f"login: {name}", GOOD, login=((Answer(body=document),),), who=Who.PASSWORD, wires=wires, must=must,
               logins=1, requests=1 if must is RIGHT else (0, 1) if isinstance(must, tuple) else 0)  # fmt: skip


ROWS = (
    gives("good", GIVEN, RIGHT),
    gives("no credentials", GIVEN.replace("<n:Credentials><n:Ticket>7T:given</n:Ticket></n:Credentials>", ""), REFUSED),
    gives("an empty ticket", login(""), REFUSED),
    gives("a blank ticket", login(" \n "), REFUSED),
    gives("a nil ticket", GIVEN.replace("<n:Ticket>7T:given</n:Ticket>", '<n:Ticket i:nil="true"/>'), REFUSED),
    gives("two tickets", GIVEN.replace("</n:Ticket>", "</n:Ticket><n:Ticket>7T:other</n:Ticket>"), MAKES_NO_SENSE),
    gives("a ticket although it is refused", GIVEN.replace(">true</n:AuthenticationS", ">false</n:AuthenticationS"),
          REFUSED),
    gives("no word on whether it went well", GIVEN.replace(SAYS_YES, ""), MAKES_NO_SENSE),
    gives("an empty word on whether it went well", GIVEN.replace(SAYS_YES, "<n:AuthenticationSucceeded/>"),
          MAKES_NO_SENSE),
    gives("two words on whether it went well",
          GIVEN.replace(SAYS_YES, SAYS_YES + SAYS_YES.replace("true", "false")), MAKES_NO_SENSE),
    gives("a header that says that the call failed", GIVEN.replace(SUCCEEDED, FAILED), Fails(ServerFault, REJECTED)),
    gives("an exception beside the ticket", GIVEN.replace(SUCCEEDED, SUCCEEDED + exception_info("The disk is full")),
          Fails(ServerFault, REJECTED)),
    gives("an exception that speaks of the session",
          envelope("", FAILED + exception_info("x", "SuperOffice.Exceptions.SoSessionException")), REFUSED),
    gives("another version of the services", GIVEN.replace(NAMESPACE, NAMESPACE.replace("86", "85")), MAKES_NO_SENSE),
    gives("the answer of something else", envelope("<n:GetEngineStatusResponse/>"), MAKES_NO_SENSE),
    gives("nothing", "", MAKES_NO_SENSE),
    gives("a ticket with a line end, which would be another header", login("7T:a&#13;&#10;X-Injected: 1"), NO_HEADER,
          wires=(REST,)),
    gives("a ticket that no header can carry", login("7T:æøå"), NO_HEADER, wires=(REST,)),
    gives("a ticket with a line end, which XML can carry", login("7T:a&#13;&#10;b"), (RIGHT, NO_LOGIN), wires=(SOAP,)),
    gives("a ticket of a megabyte", login("7T:" + "x" * 1_000_000), (RIGHT, NO_HEADER), wires=(SOAP,)),
    gives("a ticket with markup in it", login("&lt;/n:Ticket&gt;&lt;n:Ticket&gt;"), RIGHT, wires=(SOAP,)),
)  # fmt: skip
