"""What can be said of a chunk and its keys, and why a batch stopped."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What is known of a chunk, and of the keys in it."""

    PLANNED = "planned"
    """To be sent."""
    SENT = "sent"
    """Handed to a worker. In the journal of a batch that was cut off: nobody knows."""
    DONE = "done"
    """The server said yes."""
    REFUSED = "refused"
    """The server said no to these keys together, and which of them it means was not found out."""
    FAILED = "failed"
    """The server said no to this very key."""
    UNKNOWN = "unknown"
    """It was sent, and no trustworthy answer came."""
    SPLIT = "split"
    """Replaced by smaller chunks. Keys are never in this state."""
    LEFT_OUT = "left_out"
    """Kept back, since values would have been blanked. Chunks are never in this state."""


class StopReason(StrEnum):
    """Why a batch stopped before its end. It can be resumed after each of them."""

    ASKED = "asked"
    """The stop event was set."""
    INTERRUPTED = "interrupted"
    """Ctrl-C."""
    SERVER_DOWN = "server_down"
    """Too many chunks in a row got no answer."""
    LOGIN = "login"
    """The login or the ticket was refused."""
    CONFIGURATION = "configuration"
    """The client cannot work as it was set up, or the services lack the operation."""
    JOURNAL = "journal"
    """The journal cannot be written any more."""
    EXECUTOR = "executor"
    """The workers broke."""
