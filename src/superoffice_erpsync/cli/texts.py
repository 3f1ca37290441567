"""Texts that come in: from files, from `@file` and from standard input, in UTF-8."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

from superoffice_erpsync.errors import InvalidRequest

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_input(name: str) -> bytes:
    """The content of a file, or of standard input where the name is `-`.

    Raises:
        InvalidRequest: It cannot be read.
    """
    if name == "-":
        return standard_input()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise InvalidRequest(f"{name} cannot be read: {reason}") from None


def standard_input() -> bytes:
    """All of standard input; empty where the process has none."""
    return sys.stdin.buffer.read() if sys.stdin else b""


def refuse_two_readers(password_stdin: bool, name: str | None) -> None:
    """Raise InvalidRequest where the password and another input are both to come from standard input."""
    if password_stdin and name == "-":
        raise InvalidRequest(
            "standard input cannot be both the password and the input",
            hint="put the password into ERPSYNC_PASSWORD_FILE, or the input into a file",
        )


def shown_name(name: str) -> str:
    """How an input is called in messages."""
    return "standard input" if name == "-" else name


def decoded(content: bytes) -> str:
    """UTF-8, with a byte order mark or without.

    Raises:
        ValueError: It is not UTF-8; the message says where.
    """
    if content.startswith(_UTF_16):
        raise ValueError("it is UTF-16, but must be UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise ValueError(f"line {line} is not UTF-8") from None
